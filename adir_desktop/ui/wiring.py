"""Who hears whom: every connection between models, views and commands, in one place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from adir_desktop.ui import words
from adir_desktop.ui.keeper import Leftover
from adir_desktop.ui.message_bar import Message
from adir_desktop.ui.tools import Tool

if TYPE_CHECKING:
    from adir_desktop.ui.main_window import MainWindow


def connect(window: MainWindow) -> None:
    """Lets every view follow its models, and every wish reach its command."""
    _follow(window)
    _messages(window)
    _photos(window)
    _panel(window)
    _gallery(window)
    _session(window)


def _follow(window: MainWindow) -> None:
    """The models have heard an event before the views see them: the session subscribed first."""
    jobs, runs = window.context.jobs, window.context.runs
    window.canvas.watch(runs)
    window.bar.watch()
    window.gallery.watch(jobs)
    window.panel.watch(jobs, runs)
    window.strip.watch(jobs, runs)
    window.messages.watch(jobs, runs)
    window.photos.watch(runs)
    window.queue.watch()
    window.history.watch()
    window.availability.watch()
    for signal in (window.context.session.photo_changed, window.context.desk.changed, runs.changed):
        signal.connect(window._show_photo)  # noqa: SLF001  # the window's own slot
    window.context.notifier.watch(jobs, runs)


def _messages(window: MainWindow) -> None:
    context = window.context
    context.refused.connect(window.messages.fail)
    context.noted.connect(window.note)
    context.began.connect(window.messages.clear)
    window.panel.recipes.refused.connect(window.messages.fail)
    if window.book.notice is not None:
        window.note(window.book.notice)


def _photos(window: MainWindow) -> None:
    photos, results, runs = window.commands.photos, window.commands.results, window.commands.runs
    window.welcome.open_wanted.connect(photos.choose)
    if window.sample is not None:
        window.welcome.sample_wanted.connect(partial(photos.open, window.sample))
    window.welcome.folder_wanted.connect(window.commands.libraries.add_folder)
    window.welcome.recent_wanted.connect(photos.open)
    window.photos.chosen.connect(photos.show)
    window.photos.remove_wanted.connect(photos.close)
    window.photos.queue_wanted.connect(runs.queue_sheet)
    window.photos.open_wanted.connect(photos.choose)
    window.history.show_wanted.connect(results.show)
    window.history.forget_wanted.connect(results.forget)
    window.history.compare_wanted.connect(results.compare)
    window.history.recipe_wanted.connect(results.use_recipe)
    window.history.compare_two_wanted.connect(results.compare_two)
    window.strip.stop_wanted.connect(runs.stop)
    window.gestures.select_wanted.connect(window.commands.masks.select)


def _panel(window: MainWindow) -> None:
    panel, commands = window.panel, window.commands
    panel.restore_wanted.connect(commands.runs.restore)
    panel.pause_wanted.connect(commands.runs.pause)
    panel.queue_wanted.connect(commands.runs.queue)
    panel.again_wanted.connect(commands.runs.again)
    panel.save_wanted.connect(commands.results.save)
    panel.save_preset_wanted.connect(commands.results.save_preset)
    panel.noise_wanted.connect(commands.masks.estimate_noise)
    panel.scratches_wanted.connect(commands.masks.find_scratches)
    panel.fading_wanted.connect(commands.masks.estimate_fading)
    panel.kernel_wanted.connect(commands.values.choose_kernel)
    panel.preset_wanted.connect(commands.values.choose_preset)
    panel.folder_wanted.connect(commands.libraries.add_folder)
    panel.libraries_wanted.connect(window.windows.libraries)
    panel.brush_wanted.connect(partial(window.context.tools.choose, Tool.BRUSH))
    panel.recipes.name_wanted.connect(partial(commands.values.name_recipe, panel.recipes))
    panel.recipes.rename_wanted.connect(partial(commands.values.rename_recipe, panel.recipes))
    panel.recipes.remove_wanted.connect(partial(commands.values.remove_recipe, panel.recipes))


def _gallery(window: MainWindow) -> None:
    gallery, libraries = window.gallery, window.commands.libraries
    gallery.find_wanted.connect(libraries.find)
    gallery.like_wanted.connect(libraries.like)
    gallery.words_wanted.connect(libraries.by_words)
    gallery.both_wanted.connect(libraries.by_photo_and_words)
    gallery.search.filter.panel.folder_wanted.connect(window.commands.values.choose_filter_folder)
    gallery.references_wanted.connect(libraries.add_references)
    gallery.references_file_wanted.connect(libraries.choose_references)
    gallery.restore_wanted.connect(window.commands.runs.restore)
    gallery.large.photo_wanted.connect(
        lambda path: window.commands.libraries.look(path, gallery.large.show_photo)
    )


def _session(window: MainWindow) -> None:
    """An earlier session that was cut off is offered on the first page and in the bar."""
    sessions = window.commands.sessions

    def offer(leftover: Leftover | None) -> None:
        window.availability.last_session = leftover is not None
        window.availability.follow()
        count = leftover.photos if leftover is not None else 0
        window.welcome.offer_session(words.photo_count(count) if count else "")
        if leftover is not None and not leftover.ended:
            window.messages.say(
                Message(
                    QCoreApplication.translate(
                        "wiring", "ADIR Desktop did not close as it should; your work is kept."
                    ),
                    QCoreApplication.translate("wiring", "Photos, masks and finished results: {0}.").format(
                        words.photo_count(count)
                    ),
                    action=QCoreApplication.translate("wiring", "Bring it back"),
                    run=sessions.bring_back,
                )
            )

    sessions.offered.connect(offer)
    window.welcome.session_wanted.connect(sessions.bring_back)
    window.welcome.discard_wanted.connect(sessions.discard)
    window.context.settings_changed.connect(lambda: window.welcome.set_recent(window.context.settings.recent))
    window.welcome.set_recent(window.context.settings.recent)
