"""How strong a password is, as the API judges it: a bar for the eye, and words for everybody."""

from nicegui import ui

from dashboard.components.text import Text, box
from dashboard.shapes.access import PasswordStrength

STEPS = 4
# From which power of ten guesses on; what is refused has one step.
LEVELS = ((13, 4, "Strong", "positive"), (10, 3, "Good", "positive"), (0, 2, "Just enough", "warn"))


class StrengthMeter:
    """Four steps and a sentence. Empty while there is nothing to judge."""

    def __init__(self) -> None:
        with box("t-strength"):
            with box("t-strength__bar").props("aria-hidden=true"):
                self.steps = [box("t-strength__step") for _ in range(STEPS)]
            self.words = Text("", "t-strength__words", tag="p").props("aria-live=polite")
        self.show(None)

    def show(self, judged: PasswordStrength | None) -> None:
        """What the API thinks of it."""
        filled, words, tone = level(judged)
        for number, step in enumerate(self.steps):
            mark(step, tone if number < filled else "")
        self.words.show(words)


def mark(step: ui.element, tone: str) -> None:
    """Colours a step."""
    step.classes(replace=f"t-strength__step {f't-strength__step--{tone}' if tone else ''}")


def level(judged: PasswordStrength | None) -> tuple[int, str, str]:
    """Steps, words, tone."""
    if judged is None:
        return 0, "12 characters or more. Four words that do not belong together do well.", ""
    if judged["problem"] is not None:
        return 1, judged["problem"], "danger"
    return next((steps, words, tone) for least, steps, words, tone in LEVELS if judged["power"] >= least)
