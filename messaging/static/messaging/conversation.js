// New messages come by themselves, and what is typed is not lost. Without this file the pages work all the same.
window.addEventListener("DOMContentLoaded", () => {
  const moving = document.getElementById("moving");
  const form = document.getElementById("answer");
  if (form) new Draft(form).restore();
  if (form && matchMedia("(min-width: 64rem)").matches) document.querySelector(".more").open = true;
  if (moving) new Moving(moving, document.getElementById("thread")).begin();
});

// Asks for the parts that move while somebody looks; what has not changed is not touched.
class Moving {
  constructor(element, thread) {
    this.element = element;
    this.thread = thread;
    this.offline = document.getElementById("offline");
    this.below = document.getElementById("below");
    this.misses = 0;
    this.known = new Map();
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
    this.below?.addEventListener("click", () => this.toEnd());
    window.addEventListener("scroll", () => this.isAtEnd && this.below && (this.below.hidden = true));
  }

  begin() {
    for (const part of this.parts(this.element)) this.remember(part);
    if (this.thread && location.hash !== "#find") this.toEnd();
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    const slower = Math.min(2 ** this.misses, 16);
    this.timer = setTimeout(() => this.ask(), this.element.dataset.seconds * slower * 1000);
  }

  async ask() {
    if (this.asking || document.hidden) return;
    this.asking = true;
    try {
      const answer = await fetch(this.element.dataset.from + location.search, { cache: "no-store" });
      if (answer.redirected) return location.reload(); // logged out meanwhile
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.text());
      this.misses = 0;
    } catch (error) {
      this.misses += 1;
    } finally {
      this.asking = false;
      this.offline.hidden = this.misses < 2;
      this.wait();
    }
  }

  show(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    const wasAtEnd = this.isAtEnd;
    const last = this.thread?.lastElementChild?.id;
    for (const part of this.parts(template.content)) this.update(part);
    if (!this.thread || this.thread.lastElementChild?.id === last) return;
    if (wasAtEnd) this.toEnd();
    else this.below.hidden = false;
  }

  parts(root) {
    return ["lines", "thread", "standing"].map((id) => root.querySelector(`#${id}`)).filter(Boolean);
  }

  remember(part) {
    for (const each of part.matches("[data-list]") ? part.children : [part]) {
      this.known.set(each.id, each.outerHTML);
    }
  }

  update(part) {
    const old = document.getElementById(part.id);
    if (old.matches("[data-list]") && part.matches("[data-list]")) this.updateList(old, [...part.children]);
    else if (this.known.get(part.id) !== part.outerHTML) {
      this.remember(part);
      old.replaceWith(part);
    }
  }

  updateList(list, rows) {
    let next = list.firstElementChild;
    for (const row of rows) {
      const old = document.getElementById(row.id);
      const isSame = old && this.known.get(row.id) === row.outerHTML;
      if (isSame && old === next) {
        next = next.nextElementSibling;
        continue;
      }
      this.known.set(row.id, row.outerHTML);
      if (old === next) next = next?.nextElementSibling ?? null;
      if (!isSame) old?.remove();
      list.insertBefore(isSame ? old : row, next);
    }
    while (next) {
      const gone = next;
      next = next.nextElementSibling;
      gone.remove();
    }
  }

  get isAtEnd() {
    return window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 120;
  }

  toEnd() {
    window.scrollTo({ top: document.documentElement.scrollHeight });
    if (this.below) this.below.hidden = true;
  }
}

// What is typed stays in this tab until the server says that it is sent: over a lost line, a login, a refusal.
class Draft {
  constructor(form) {
    this.field = form.elements.text;
    this.token = form.elements.token;
    this.key = `answer-${form.dataset.conversation}`;
    this.field.addEventListener("input", () => this.keep());
    form.addEventListener("submit", () => this.keep());
  }

  restore() {
    const kept = JSON.parse(sessionStorage.getItem(this.key) || "null");
    const address = new URL(location.href);
    const sent = address.searchParams.get("sent");
    if (sent) {
      address.searchParams.delete("sent");
      history.replaceState(null, "", address);
    }
    if (location.hash === "#answer") this.field.focus({ preventScroll: true });
    if (!kept || kept.token === sent) return sessionStorage.removeItem(this.key);
    if (this.field.value) return this.keep();
    this.field.value = kept.text;
    this.token.value = kept.token;
    this.field.form.classList.add("has-text");
  }

  keep() {
    if (!this.field.value) return sessionStorage.removeItem(this.key);
    const kept = { token: this.token.value, text: this.field.value };
    sessionStorage.setItem(this.key, JSON.stringify(kept));
  }
}
