"""Phone and password. A form of the browser's own, so that password managers know it."""

from nicegui.element import Element


class LoginForm(Element, component="login_form.js"):
    """Posts to /login by itself and goes on where the answer says; `notice` is shown above it."""

    def __init__(self, *, back: str, notice: str) -> None:
        super().__init__()
        self._props["back"] = back
        self._props["notice"] = notice
