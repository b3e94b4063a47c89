"""The engine's own words in the person's language: it speaks English and knows no window.

Words without numbers and names in them are listed here for the translators. What is not listed is shown as the
engine said it, so that a message is never half in one language and half in another.
"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

TEXTS = (
    QT_TRANSLATE_NOOP("engine", "Repairing needs a mask."),
    QT_TRANSLATE_NOOP("engine", "Paint over what is damaged, or give a mask file."),
    QT_TRANSLATE_NOOP("engine", "Editing needs a mask."),
    QT_TRANSLATE_NOOP("engine", "Paint over what is to change, or give a mask file."),
    QT_TRANSLATE_NOOP("engine", "Editing needs words."),
    QT_TRANSLATE_NOOP("engine", "Say what the marked part should show."),
    QT_TRANSLATE_NOOP(
        "engine", "Editing by words needs a Stable Diffusion inpainting model, and none is installed."
    ),
    QT_TRANSLATE_NOOP(
        "engine", "Get one in the models window, or with: adir models fetch stable-diffusion-inpainting"
    ),
    QT_TRANSLATE_NOOP("engine", "Stable Diffusion's inpainting fills holes, and does nothing else."),
    QT_TRANSLATE_NOOP("engine", "The mask is empty."),
    QT_TRANSLATE_NOOP("engine", "Paint over what is damaged (white in a mask file)."),
    QT_TRANSLATE_NOOP("engine", "The mask covers the whole photo."),
    QT_TRANSLATE_NOOP("engine", "Leave some of the photo to start from."),
    QT_TRANSLATE_NOOP("engine", "Leave some of it to search with."),
    QT_TRANSLATE_NOOP("engine", "No fault of the old photo is chosen."),
    QT_TRANSLATE_NOOP("engine", "Mark scratches, or switch a fault on."),
    QT_TRANSLATE_NOOP("engine", "No preset is chosen."),
    QT_TRANSLATE_NOOP("engine", "Choose a preset file, or restore without adapting."),
    QT_TRANSLATE_NOOP("engine", "Adapting needs similar photos, and no photo library is chosen."),
    QT_TRANSLATE_NOOP("engine", "Add a folder of photos, or restore without adapting."),
    QT_TRANSLATE_NOOP("engine", "All similar photos are switched off."),
    QT_TRANSLATE_NOOP("engine", "Switch some on, or restore without adapting."),
    QT_TRANSLATE_NOOP("engine", "There is no photo yet."),
    QT_TRANSLATE_NOOP("engine", "Open one, or drop it on the window."),
    QT_TRANSLATE_NOOP("engine", "The computer ran out of memory."),
    QT_TRANSLATE_NOOP(
        "engine", "Close other programs, choose a smaller photo, or use the processor (device cpu)."
    ),
    QT_TRANSLATE_NOOP("engine", "Stopped early: the comparison without adapting was left out."),
    QT_TRANSLATE_NOOP(
        "engine", "These photos do not help this model: the picture is made as if without adapting."
    ),
    QT_TRANSLATE_NOOP("engine", "Choose photos of the same place or occasion, or more of them."),
    QT_TRANSLATE_NOOP("engine", "None of these files can be used as a reference."),
    QT_TRANSLATE_NOOP("engine", "Choose other photos."),
    QT_TRANSLATE_NOOP("engine", "None of the similar photos can be read."),
    QT_TRANSLATE_NOOP("engine", "Update the library, or choose others."),
    QT_TRANSLATE_NOOP("engine", "The blur kernel is larger than the photo."),
    QT_TRANSLATE_NOOP("engine", "Use a smaller kernel."),
    QT_TRANSLATE_NOOP("engine", "Use the prior it was made with, or adapt again."),
    QT_TRANSLATE_NOOP("engine", "Adapting helps on photos like this one."),
    QT_TRANSLATE_NOOP("engine", "Keep what was adapted for the rest of them."),
    QT_TRANSLATE_NOOP("engine", "Adapting harms on photos like this one."),
    QT_TRANSLATE_NOOP("engine", "Restore without adapting, or choose other photos."),
    QT_TRANSLATE_NOOP("engine", "Adapting makes no difference to be seen here."),
    QT_TRANSLATE_NOOP("engine", "Restore without adapting: it is faster."),
    QT_TRANSLATE_NOOP("engine", "There are too few similar photos that the preset has not seen."),
    QT_TRANSLATE_NOOP("engine", "Add more photos to the library, or adapt to fewer of them."),
    QT_TRANSLATE_NOOP("engine", "Quick"),
    QT_TRANSLATE_NOOP("engine", "A minute or two on a processor."),
    QT_TRANSLATE_NOOP("engine", "As in the paper"),
    QT_TRANSLATE_NOOP("engine", "ADIR's published numbers: 400 iterations on 20 photos, 1000 guided steps."),
    QT_TRANSLATE_NOOP("engine", "Stable Diffusion x4"),
    QT_TRANSLATE_NOOP(
        "engine", "Enlarges four times and invents detail that fits; words may say what the photo shows."
    ),
    QT_TRANSLATE_NOOP("engine", "Stable Diffusion inpainting"),
    QT_TRANSLATE_NOOP("engine", "Fills holes with what fits the rest of the photo, or with what words say."),
    QT_TRANSLATE_NOOP("engine", "Noise level"),
    QT_TRANSLATE_NOOP("engine", "of the noise added to the small photo: more lets the model invent more"),
    QT_TRANSLATE_NOOP("engine", "Keep colours"),
    QT_TRANSLATE_NOOP("engine", "takes the coarse colours from the small photo"),
    QT_TRANSLATE_NOOP("engine", "moves a filling to the mean colours of the photo around it"),
    QT_TRANSLATE_NOOP("engine", "Strength"),
    QT_TRANSLATE_NOOP("engine", "below 1 what is there, or the plain filling, shines through"),
    QT_TRANSLATE_NOOP(
        "engine",
        "473 million parameters: enlarges four times and invents fine detail; wants a graphics card.",
    ),
    QT_TRANSLATE_NOOP(
        "engine",
        "860 million parameters: fills holes, and makes in them what words say; wants a graphics card.",
    ),
    QT_TRANSLATE_NOOP("engine", "Stable Diffusion 2 inpainting"),
    QT_TRANSLATE_NOOP("engine", "866 million parameters: as the first, trained on other photos."),
    QT_TRANSLATE_NOOP("engine", "Stable Diffusion XL inpainting"),
    QT_TRANSLATE_NOOP(
        "engine", "2600 million parameters, squares of 1024 pixels; wants a graphics card with 12 GB."
    ),
    QT_TRANSLATE_NOOP("engine", "DiffPIR"),
    QT_TRANSLATE_NOOP(
        "engine", "Few steps; agrees with the photo in closed form at each. The everyday choice."
    ),
    QT_TRANSLATE_NOOP("engine", "Start"),
    QT_TRANSLATE_NOOP("engine", "The noise step to begin at; 999 is pure noise"),
    QT_TRANSLATE_NOOP("engine", "Starter model"),
    QT_TRANSLATE_NOOP(
        "engine", "3.6 million parameters, built in: edges, tones and fine noise; it does not invent objects."
    ),
    QT_TRANSLATE_NOOP("engine", "ImageNet model"),
    QT_TRANSLATE_NOOP(
        "engine",
        "553 million parameters, trained on a million photos of a thousand kinds of things; wants a graphics card.",
    ),
    QT_TRANSLATE_NOOP("engine", "ADIR guidance"),
    QT_TRANSLATE_NOOP("engine", "Algorithm 1 of the ADIR paper: many small guided steps."),
    QT_TRANSLATE_NOOP("engine", "Dirac"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Undoes a blur or fills holes little by little, with networks of its own; you choose between exact and sharp.",
    ),
    QT_TRANSLATE_NOOP("engine", "Stop at"),
    QT_TRANSLATE_NOOP("engine", "1 is one pass with the least error, 0 the whole way to the sharpest"),
    QT_TRANSLATE_NOOP("engine", "sharp"),
    QT_TRANSLATE_NOOP("engine", "exact"),
    QT_TRANSLATE_NOOP("engine", "Increment"),
    QT_TRANSLATE_NOOP("engine", "How the next, less degraded state is foretold"),
    QT_TRANSLATE_NOOP("engine", "Guidance by"),
    QT_TRANSLATE_NOOP("engine", "What the guidance is measured in: the photo's noise or the misfit"),
    QT_TRANSLATE_NOOP("engine", "Result"),
    QT_TRANSLATE_NOOP("engine", "The clean estimate, or the last state with its rest of noise"),
    QT_TRANSLATE_NOOP("engine", "DDRM"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Few steps in the operator's own frequencies: each follows the photo as soon as the photo is clearer.",
    ),
    QT_TRANSLATE_NOOP("engine", "Fresh noise"),
    QT_TRANSLATE_NOOP("engine", "How much of the noise is drawn anew at each step"),
    QT_TRANSLATE_NOOP("engine", "Weight of the data"),
    QT_TRANSLATE_NOOP("engine", "How far what the photo shows clearly is taken from it"),
    QT_TRANSLATE_NOOP("engine", "Last step as published"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Without noise, the authors' program ends with the model's estimate instead of the photo's own values",
    ),
    QT_TRANSLATE_NOOP("engine", "DDNM"),
    QT_TRANSLATE_NOOP(
        "engine",
        "What the photo shows is kept, what it does not show is drawn: best for photos without noise.",
    ),
    QT_TRANSLATE_NOOP("engine", "Time travel"),
    QT_TRANSLATE_NOOP("engine", "How many noise levels it climbs back at a time"),
    QT_TRANSLATE_NOOP("engine", "Repeats"),
    QT_TRANSLATE_NOOP("engine", "How often each stretch is drawn again; 1 is once"),
    QT_TRANSLATE_NOOP("engine", "DDPG"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Inverts the fault boldly at first and gently at the end: made for noisy blur and enlarging.",
    ),
    QT_TRANSLATE_NOOP("engine", "Traversing"),
    QT_TRANSLATE_NOOP("engine", "How long the fault is inverted; large is to the end"),
    QT_TRANSLATE_NOOP("engine", "Fresh noise, clean photo"),
    QT_TRANSLATE_NOOP("engine", "The same for photos without noise"),
    QT_TRANSLATE_NOOP("engine", "Caution"),
    QT_TRANSLATE_NOOP("engine", "Keeps the inversion from amplifying noise"),
    QT_TRANSLATE_NOOP("engine", "Step size"),
    QT_TRANSLATE_NOOP("engine", "Falling with the noise, or one throughout"),
    QT_TRANSLATE_NOOP("engine", "Gentle step"),
    QT_TRANSLATE_NOOP("engine", "Weight of the gentle correction at the end"),
    QT_TRANSLATE_NOOP("engine", "Plug-and-play ADMM"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Agree with the photo, denoise, repeat: no chance in it, smooth and faithful.",
    ),
    QT_TRANSLATE_NOOP("engine", "Kind"),
    QT_TRANSLATE_NOOP("engine", "anneal: the denoiser grows gentler; admm: it stays"),
    QT_TRANSLATE_NOOP("engine", "Denoiser"),
    QT_TRANSLATE_NOOP("engine", "The noise it takes away, at first or throughout, of 255"),
    QT_TRANSLATE_NOOP("engine", "Damping"),
    QT_TRANSLATE_NOOP("engine", "Slows admm down where it does not settle"),
    QT_TRANSLATE_NOOP("engine", "Denoise once"),
    QT_TRANSLATE_NOOP(
        "engine",
        "One pass of the network: noise only, at once; smoother and nearer to the truth than a sample.",
    ),
    QT_TRANSLATE_NOOP("engine", "Total variation"),
    QT_TRANSLATE_NOOP(
        "engine",
        "No network: edges kept, what lies between them smoothed flat. Repeatable to the last digit.",
    ),
    QT_TRANSLATE_NOOP(
        "engine", "How a step in brightness is measured: round, along the axes, or over all colours at once"
    ),
    QT_TRANSLATE_NOOP("engine", "Penalty"),
    QT_TRANSLATE_NOOP("engine", "Decides how fast it settles, not what comes out"),
    QT_TRANSLATE_NOOP("engine", "Tolerance"),
    QT_TRANSLATE_NOOP("engine", "It ends when a step changes less than this"),
    QT_TRANSLATE_NOOP("engine", "DeepRED"),
    QT_TRANSLATE_NOOP(
        "engine", "An untrained network learns this one photo, and a classical denoiser holds it back. Slow."
    ),
    QT_TRANSLATE_NOOP("engine", "How closely the network and the denoised picture are tied"),
    QT_TRANSLATE_NOOP("engine", "Rate"),
    QT_TRANSLATE_NOOP("engine", "The learning rate"),
    QT_TRANSLATE_NOOP("engine", "The noise it takes away, of 255"),
    QT_TRANSLATE_NOOP("engine", "Jitter"),
    QT_TRANSLATE_NOOP("engine", "Noise on the network's input, which keeps it from learning by heart"),
    QT_TRANSLATE_NOOP("engine", "Mean"),
    QT_TRANSLATE_NOOP("engine", "The share of the running mean that is kept; 0 for no mean"),
    QT_TRANSLATE_NOOP("engine", "Width"),
    QT_TRANSLATE_NOOP("engine", "Channels of the network"),
    QT_TRANSLATE_NOOP("engine", "Depth"),
    QT_TRANSLATE_NOOP("engine", "How often the network halves the picture"),
    QT_TRANSLATE_NOOP("engine", "Bicubic / no model"),
    QT_TRANSLATE_NOOP(
        "engine", "What comes without any model: plain enlargement, holes filled smoothly. To compare with."
    ),
    QT_TRANSLATE_NOOP("engine", "One pass takes away noise, and no other fault."),
    QT_TRANSLATE_NOOP("engine", "There is no noise to take away."),
    QT_TRANSLATE_NOOP("engine", "Your own network: one pass, no diffusion."),
    QT_TRANSLATE_NOOP("engine", "This network only fills holes."),
    QT_TRANSLATE_NOOP("engine", "This network does not enlarge."),
    QT_TRANSLATE_NOOP("engine", "This network does not undo all of these faults."),
    QT_TRANSLATE_NOOP("engine", "Distance to the photo"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Where it is measured: as in the paper, at the noise level of the step's end, or at the clean picture; auto takes the paper's from 500 steps on and the clean picture below",
    ),
    QT_TRANSLATE_NOOP("engine", "Unit gain"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Scales the gradient so that s means the same for every damage. The paper's s is 10; its first version has 20 for enlarging 8 times",
    ),
    QT_TRANSLATE_NOOP("engine", "Bounded steps"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Keeps a step from overshooting and from trusting noisy photos too much; off is Algorithm 1 to the letter, which needs about 1000 steps",
    ),
    QT_TRANSLATE_NOOP("engine", "Noise at the end"),
    QT_TRANSLATE_NOOP(
        "engine",
        "The last step draws noise too, as Algorithm 1 is printed; usually its mean is taken",
    ),
    QT_TRANSLATE_NOOP("engine", "DPS"),
    QT_TRANSLATE_NOOP("engine", "Looks back through the network at every step: slow, needs memory, sharp."),
    QT_TRANSLATE_NOOP("engine", "ScoreALD"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Langevin dynamics: the most exact with many steps, and a fair picture of what the photo leaves open.",
    ),
    QT_TRANSLATE_NOOP("engine", "Steps a level"),
    QT_TRANSLATE_NOOP("engine", "How many Langevin steps each noise level has"),
    QT_TRANSLATE_NOOP("engine", "First noise"),
    QT_TRANSLATE_NOOP("engine", "The noise level to begin at, 2 is the whole range of tones"),
    QT_TRANSLATE_NOOP("engine", "Last noise"),
    QT_TRANSLATE_NOOP("engine", "The noise level to end at; what is left is taken off"),
    QT_TRANSLATE_NOOP("engine", "Of a Langevin step, as a share of the noise"),
    QT_TRANSLATE_NOOP("engine", "Kind of step"),
    QT_TRANSLATE_NOOP(
        "engine",
        "langevin follows the paper; ddpm takes one step of reverse diffusion at each level",
    ),
    QT_TRANSLATE_NOOP("engine", "SDEdit"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Puts noise on a first guess and takes it off: a freer repair, which looks at the photo only once.",
    ),
    QT_TRANSLATE_NOOP("engine", "Strength"),
    QT_TRANSLATE_NOOP("engine", "How much is made anew: 0 leaves the first guess, 1 forgets it"),
    QT_TRANSLATE_NOOP("engine", "Keep what is seen"),
    QT_TRANSLATE_NOOP("engine", "Where the photo only has holes, its other pixels stay as they are"),
    QT_TRANSLATE_NOOP("engine", "Passes"),
    QT_TRANSLATE_NOOP("engine", "How often noise is put on and taken off again"),
    QT_TRANSLATE_NOOP("engine", "RePaint"),
    QT_TRANSLATE_NOOP(
        "engine",
        "Fills holes only: the photo is pasted around them, and they are drawn again until both agree.",
    ),
    QT_TRANSLATE_NOOP("engine", "Jump"),
    QT_TRANSLATE_NOOP("engine", "How many noise levels it climbs at a time"),
    QT_TRANSLATE_NOOP("engine", "Resampling"),
    QT_TRANSLATE_NOOP("engine", "How often each stretch is drawn again"),
    QT_TRANSLATE_NOOP(
        "engine",
        "RePaint only fills holes: whatever lies outside them must be as it should be.",
    ),
    QT_TRANSLATE_NOOP("engine", "Choose another method, such as DiffPIR."),
    QT_TRANSLATE_NOOP("engine", "With these numbers the method loses its hold."),
    QT_TRANSLATE_NOOP("engine", "Choose a smaller guidance, or more steps."),
)

CHOICES = {  # of the methods' options: what the engine calls it -> what a person reads
    "on": QT_TRANSLATE_NOOP("engine", "On"),
    "off": QT_TRANSLATE_NOOP("engine", "Off"),
    "auto": QT_TRANSLATE_NOOP("engine", "Automatic"),
    "paper": QT_TRANSLATE_NOOP("engine", "As in the paper"),
    "level-matched": QT_TRANSLATE_NOOP("engine", "At the step's end"),
    "x0": QT_TRANSLATE_NOOP("engine", "Clean estimate"),
    "state": QT_TRANSLATE_NOOP("engine", "Last state"),
    "look-ahead": QT_TRANSLATE_NOOP("engine", "Look ahead"),
    "small look-ahead": QT_TRANSLATE_NOOP("engine", "Look a little ahead"),
    "look-back": QT_TRANSLATE_NOOP("engine", "Look back"),
    "small look-back": QT_TRANSLATE_NOOP("engine", "Look a little back"),
    "identity": QT_TRANSLATE_NOOP("engine", "Not at all"),
    "std": QT_TRANSLATE_NOOP("engine", "The photo's noise"),
    "error": QT_TRANSLATE_NOOP("engine", "The misfit"),
    "falling": QT_TRANSLATE_NOOP("engine", "Falling with the noise"),
    "one": QT_TRANSLATE_NOOP("engine", "One throughout"),
    "anneal": QT_TRANSLATE_NOOP("engine", "Gentler and gentler"),
    "admm": QT_TRANSLATE_NOOP("engine", "ADMM"),
    "langevin": QT_TRANSLATE_NOOP("engine", "Langevin"),
    "ddpm": QT_TRANSLATE_NOOP("engine", "DDPM"),
    "isotropic": QT_TRANSLATE_NOOP("engine", "Round"),
    "anisotropic": QT_TRANSLATE_NOOP("engine", "Along the axes"),
    "colour": QT_TRANSLATE_NOOP("engine", "Over all colours"),
}


def said(text: str) -> str:
    """A text of the engine in the language of the window; as it is, where nobody translated it."""
    return QCoreApplication.translate("engine", text) if text else ""


def choice_said(choice: str) -> str:
    """An option's choice in words; by the engine's name, where it is not listed."""
    return said(str(CHOICES.get(choice, choice)))  # Qt declares a marked text as any object


def said_both(problem: str, remedy: str) -> tuple[str, str]:
    """A problem and its remedy in one language: the window's, or else the engine's."""
    told = said(problem)
    return (told, said(remedy)) if problem in TEXTS else (problem, remedy)
