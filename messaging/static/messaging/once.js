// A second press of a button is not a second wish. The server is what guarantees it; this only calms the page.
document.addEventListener("submit", (event) => {
  setTimeout(() => {
    if (event.defaultPrevented) return;
    for (const button of buttonsOf(event.target)) {
      button.disabled = true;
      button.classList.add("busy");
    }
  });
});

// Back from the next page, the buttons work again.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-once].busy")) {
    button.disabled = false;
    button.classList.remove("busy");
  }
});

function buttonsOf(form) {
  return [...document.querySelectorAll("[data-once]")].filter((button) => button.form === form);
}
