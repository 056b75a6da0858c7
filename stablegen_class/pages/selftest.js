// The self-test: choices become buttons, an answer gets its verdict, the score counts first answers.

const score = { right: 0, answered: 0 };

function say(form, isRight, text) {
  const verdict = form.querySelector(".verdict");
  verdict.className = `verdict ${isRight ? "is-right" : "is-wrong"}`;
  verdict.innerHTML = `<p><strong>${isRight ? "Right." : "Not so."}</strong></p>${text}`;
  if (!form.dataset.answered) {
    form.dataset.answered = "yes";
    score.answered += 1;
    score.right += isRight ? 1 : 0;
    const all = document.querySelectorAll("form.question").length;
    document.getElementById("score").textContent = `${score.right} of ${all} right (${score.answered} answered)`;
  }
  if (window.MathJax?.typesetPromise) window.MathJax.typesetPromise([verdict]);
}

function chosen(form, told, place) {
  const isRight = place === told.right;
  form.querySelectorAll(".choices button").forEach((button, each) => {
    button.setAttribute("aria-pressed", String(each === place));
  });
  say(form, isRight, isRight ? told.explanation : told.why[place]);
}

function numbered(form, told) {
  const written = form.querySelector("input").value.trim().replace(",", ".").replace("−", "-");
  const number = Number(written);
  if (written === "" || Number.isNaN(number)) {
    const verdict = form.querySelector(".verdict");
    verdict.className = "verdict";
    verdict.textContent = "Write a number, such as 0.5.";
    return;
  }
  const isRight = Math.abs(number - told.right) <= told.tolerance;
  say(form, isRight, isRight ? told.explanation : "<p>Try again, or read the lesson's section once more.</p>");
}

for (const form of document.querySelectorAll("form.question")) {
  const told = JSON.parse(form.querySelector("script").textContent);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (told.kind === "number") numbered(form, told);
  });
  form.querySelectorAll(".choices > li").forEach((item, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.append(...item.childNodes);
    button.addEventListener("click", () => chosen(form, told, place));
    item.append(button);
  });
}
