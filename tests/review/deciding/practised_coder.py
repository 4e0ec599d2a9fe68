"""A coder who knows the keys and what a chart is to be coded with; every key that is pressed is counted."""

from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Page

STATE = """() => {
  const panel = document.getElementById("panel");
  const visible = (element) => element.checkVisibility();
  const code = (choice) => {
    const form = choice.querySelector("form[data-decide]");
    return form && `${form.elements.system.value} ${form.elements.code.value}`;
  };
  const card = panel.querySelector("[data-entity].chosen");
  return {
    current: card?.id ?? null,
    waits: panel.querySelectorAll("[data-entity][data-waits]").length,
    choices: card ? [...card.querySelectorAll("[data-choice]")].filter(visible).map((choice) => ({
      code: code(choice), waits: choice.dataset.waits !== undefined, number: choice.dataset.number ?? null,
      open: choice.classList.contains("open"),
    })) : [],
    cards: [...panel.querySelectorAll("[data-entity]")].map((each) => ({
      id: each.id, quiet: each.classList.contains("quiet"),
      first: each.querySelector(".chip.first")?.textContent ?? null,
      codes: [...each.querySelectorAll(".group > .choices > [data-choice]")].filter((c) => c.classList.contains("open"))
        .filter((c) => !c.closest("details.fold")).map(code).slice(0, 8),
    })),
    accepted: [...panel.querySelectorAll("[data-line]")].map((line) => line.id.replace("line-", "").replace("-", " ")
      .replace("_", ".")),
  };
}"""
SETTLED = """(before) => !document.querySelector(".choice.waiting")
  && Number(document.getElementById("panel").dataset.decision) > before"""


@dataclass
class PractisedCoder:
    """Codes one chart."""

    page: Page
    wanted: frozenset[str]
    """`SYSTEM CODE` each."""
    served: date | None
    provider: str
    """Who signed, to be typed where nobody was read."""
    keys: int = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def state(self) -> dict[str, object]:
        found: dict[str, object] = self.page.evaluate(STATE)
        return found

    def decide(self, *keys: str) -> None:
        """Press keys that decide, and look at the panel that follows."""
        before = self.page.evaluate("() => Number(document.getElementById('panel').dataset.decision)")
        self.press(*keys)
        self.page.wait_for_function(
            f"(before) => document.querySelector('#panel .notice') || ({SETTLED})(before)", arg=before
        )
        refused = self.page.locator("#panel .notice").all_inner_texts()
        assert refused == [], (keys, refused)

    def code(self) -> tuple[str, ...]:
        """Code the chart, sign it and go on to the next one; the codes that stood."""
        self.identify()
        while (state := self.state())["waits"]:
            self.answer(state)
        while missing := sorted(self.wanted - self.accepted()):
            self.bring(missing[0])
        accepted = tuple(sorted(self.accepted()))
        left = self.page.url
        asks_who_signed = self.page.locator("#signer").count() and self.page.locator("#confirm-encounter").is_disabled()
        self.press("f")
        if asks_who_signed:
            self.page.wait_for_function("() => document.activeElement.matches('#attest, #signer')")
            if not self.page.input_value("#signer"):
                self.press(*self.provider)
            self.press("Enter")
            self.page.wait_for_selector("#confirm-encounter:enabled")
            self.press("f")
        self.page.wait_for_url(lambda url: url != left, wait_until="commit")
        return accepted

    def accepted(self) -> frozenset[str]:
        accepted: list[str] = self.state()["accepted"]  # type: ignore[assignment]
        return frozenset(accepted)

    def identify(self) -> None:
        self.press("i")
        self.page.wait_for_function(
            "() => document.querySelector('.identity.done') || document.activeElement.matches('#identity-form input')"
        )
        while not self.page.locator(".identity.done").count():
            field = self.page.evaluate("() => document.activeElement.name")
            if field == "date_of_service" and not self.page.input_value("#f-date_of_service"):
                assert self.served is not None
                self.press(*f"{self.served:%m%d%Y}")
            self.press("Enter")
            self.page.wait_for_function("() => document.querySelector('.identity.done, .notice')")

    def answer(self, state: dict[str, object]) -> None:
        """Decide on the finding in hand: its proposed code, another one by its number, or no."""
        choices: list[dict[str, str]] = state["choices"]  # type: ignore[assignment]
        waiting = next((choice for choice in choices if choice["waits"]), None)
        if waiting is None:
            self.press("a")  # goes on to where something waits
            return
        accepted = self.accepted()
        better = [c for c in choices if c["code"] in self.wanted - accepted and c["open"] and c["number"]]
        if waiting["code"] in self.wanted:
            self.decide("a")
        elif better and better[0]["code"].split()[0] == waiting["code"].split()[0]:
            self.decide(better[0]["number"])
        else:
            self.decide("x")

    def bring(self, code: str) -> None:
        """Accept a code that nothing proposes: at a finding that has it among its choices, or by its digits."""
        state = self.state()
        cards: list[dict[str, object]] = state["cards"]  # type: ignore[assignment]
        order = [card["id"] for card in cards]
        first = {card["id"]: card["first"] for card in cards}
        having = [card["id"] for card in cards if code in card["codes"]]  # type: ignore[operator]
        typed = code.partition(" ")[2].replace(".", "")
        if having:
            here = order.index(state["current"]) if state["current"] in order else -1
            near = min(having, key=lambda id: (order.index(id) < here, abs(order.index(id) - here)))
            steps = order.index(near) - here
            if near != state["current"] and 0 < steps <= (1 if first[near] else 2):
                self.press(*["J"] * steps)
            elif near != state["current"]:
                self.press("g")
                letters = self.page.get_attribute(f"#{near}", "data-hint") or ""
                if first[near] == code.partition(" ")[2]:  # told by the folded line
                    self.decide(*letters[:-1], f"Shift+{letters[-1]}")
                    return
                self.press(*letters)
            choice = next(c for c in self.state()["choices"] if c["code"] == code)  # type: ignore[attr-defined]
            self.decide(choice["number"])
            return
        self.press("/")
        self.page.wait_for_selector("#search[open]")
        self.press(*typed)
        self.decide("Enter")
