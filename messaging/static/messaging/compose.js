// Characters left, and ready-made texts. Without this file the form works all the same.
window.addEventListener("DOMContentLoaded", () => {
  const page = document.querySelector(".compose");
  if (!page) return;
  for (const field of page.querySelectorAll("[data-room]")) count(page, field);
  offerTexts(page);
});

function count(page, field) {
  const hint = page.querySelector(`.room[data-for="${field.id}"]`);
  const room = Number(field.dataset.room);
  if (!hint) return;
  const show = () => {
    const left = room - [...field.value].length;
    hint.hidden = left > room / 3;
    hint.classList.toggle("over", left < 0);
    hint.textContent = `${left < 0 ? page.dataset.over : page.dataset.left} ${Math.abs(left)}`;
  };
  field.addEventListener("input", show);
  show();
}

function offerTexts(page) {
  const kinds = [...page.querySelectorAll("input[name=emergency_kind]")];
  const texts = { en: page.querySelector("#id_text_en"), ne: page.querySelector("#id_text_ne") };
  const presets = [...page.querySelectorAll(".preset")];
  const show = () => {
    const chosen = kinds.find((kind) => kind.checked);
    for (const group of page.querySelectorAll(".presets")) {
      group.hidden = !chosen || group.dataset.kind !== chosen.value;
    }
  };
  const isReadyMade = (code) =>
    !texts[code].value.trim() || presets.some((preset) => preset.dataset[code] === texts[code].value);
  for (const kind of kinds) kind.addEventListener("change", show);
  for (const preset of presets) {
    preset.addEventListener("click", () => {
      const may = isReadyMade("en") && isReadyMade("ne");
      preset.parentElement.querySelector(".kept").hidden = may;
      if (may) fill(texts, preset);
    });
  }
  if (kinds.length) show();
}

// The gap ____ is marked, so that the next key fills it.
function fill(texts, preset) {
  for (const code of ["ne", "en"]) {
    const field = texts[code];
    field.value = preset.dataset[code];
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const gap = field.value.indexOf("____");
    if (code === "en") field.focus();
    if (code === "en" && gap >= 0) field.setSelectionRange(gap, gap + 4);
  }
}
