"""The language of the window: English, or a translation made with Qt Linguist.

`pyside6-lupdate adir_desktop/ui/*.py -ts resources/i18n/adir_de.ts` collects the texts;
`pyside6-lrelease resources/i18n/adir_de.ts` compiles what was translated.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from adir_desktop import places

NAMES = {"en": "English", "de": "Deutsch"}  # in their own language


def available() -> tuple[str, ...]:
    """Codes of the languages that the window speaks, English first."""
    found = sorted(path.stem.removeprefix("adir_") for path in places.resource("i18n").glob("adir_*.qm"))
    return ("en", *found)


def install(app: QCoreApplication, code: str = "") -> str:
    """Lets the program speak that language, or the system's where `code` is empty; returns what it speaks.

    Qt's own texts (the buttons of its dialogs) are translated as well, where Qt brings them.
    """
    wanted = [code] if code else [name.split("-")[0] for name in QLocale.system().uiLanguages()]
    chosen = next((name for name in wanted if name in available()), "en")
    QLocale.setDefault(QLocale(chosen))  # numbers are written in the language that is spoken
    if chosen == "en":
        return chosen
    qt_texts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for file, folder in ((f"qtbase_{chosen}", qt_texts), (f"adir_{chosen}", str(places.resource("i18n")))):
        translator = QTranslator(app)
        if translator.load(file, folder):
            app.installTranslator(translator)
    return chosen
