// Asks for the part that moves, as often as the server says; not while nobody looks, nor under an open dialog.
window.addEventListener("DOMContentLoaded", () => {
  const moving = document.getElementById("moving");
  if (moving) new Moving(moving).wait();
});

class Moving {
  constructor(element) {
    this.element = element;
    this.offline = document.getElementById("offline");
    this.misses = 0;
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
  }

  get isAsked() {
    return this.element.querySelector("dialog[open]") !== null;
  }

  get seconds() {
    return Number(this.element.querySelector("[data-ask-again]").dataset.askAgain);
  }

  wait() {
    clearTimeout(this.timer);
    if (this.seconds && !document.hidden) {
      const slower = Math.min(2 ** this.misses, 16);
      this.timer = setTimeout(() => this.ask(), this.seconds * slower * 1000);
    }
  }

  async ask() {
    if (!this.seconds || this.asking || document.hidden) return;
    if (this.isAsked) return this.wait();
    this.asking = true;
    try {
      const answer = await fetch(this.element.dataset.from + window.location.search, { cache: "no-store" });
      if (answer.redirected) return window.location.reload(); // logged out meanwhile
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (!this.isAsked) this.show(html);
      this.misses = 0;
    } catch (error) {
      this.misses += 1;
    } finally {
      this.asking = false;
      this.offline.hidden = this.misses < 2;
      this.wait();
    }
  }

  // For those who listen to the page: only what is new.
  speak(headline) {
    const spoken = document.getElementById("spoken");
    if (spoken.textContent !== headline) spoken.textContent = headline;
  }

  show(html) {
    const top = window.scrollY;
    this.element.innerHTML = html;
    window.scrollTo({ top });
    this.speak(document.getElementById("headline").textContent);
  }
}
