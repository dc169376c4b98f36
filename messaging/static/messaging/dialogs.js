// Buttons with data-opens="id" open a dialog, those with data-closes close the one they stand in.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    for (const box of dialog.querySelectorAll("input[type=checkbox]")) box.checked = false;
    dialog.showModal();
  } else if (event.target.closest("[data-closes]")) {
    event.target.closest("dialog").close();
  }
});
