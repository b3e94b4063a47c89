<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About ADIR Desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Version</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The parts of the program and their licences</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The licence in full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ADIR Desktop {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restores photos on this computer, with a diffusion model that adapts to the photos most like yours. Nothing you open leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For a report of something that went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ADIR Desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not stated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It brings no text of its own: {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Libraries and help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open a photo …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open from the clip&amp;board</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore a &amp;folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save image …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save &amp;preset …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keep preset for other photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Bring back the last session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Close the photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Re&amp;do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>C&amp;lear the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Invert the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Grow the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;hrink the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find scratches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L&amp;oad a mask …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save the mask …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Brush</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Eraser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rectangle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Lasso</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Polygon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Similar colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smaller brus&amp;h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lar&amp;ger brush</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the &amp;mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Slider</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Side &amp;by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Result alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;No map</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map: &amp;agreement with the photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map: how s&amp;ure it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Map: what &amp;changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Whole photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare &amp;without adapting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to the &amp;queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A&amp;gain with another seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Pause or go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Next photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pre&amp;vious photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find similar photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Add a folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Look for new photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>L&amp;ibraries …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Presets …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Models on this computer …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Settings …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Collect &amp;diagnostics …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About ADIR Desktop</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AdaptPanel</name>
    <message>
        <source>Nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Similar photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This photo itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A saved preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Libraries …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From a file …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also restore without adapting, to compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapt to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Few-shot fine-tuning of the model (LoRA) before restoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>LoRA weights adapted for an earlier photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Makes a library of a folder of your photos; they stay where they are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows, updates and removes libraries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A preset that somebody sent, or one kept elsewhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed, so that adapting is the only difference</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is used as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model first learns from the photos of your libraries most like this one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model first learns from this photo alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was learnt for an earlier photo is used again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AgreementGauge</name>
    <message>
        <source>Agreement with the photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data consistency: |A x − y| / (σ √m); 1, the mark, is what the photo&apos;s noise explains</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It follows the photo closer than its noise: some of the noise may be left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result explains your photo as well as can be.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result differs from your photo a little more than noise does.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result strays from your photo: look closely before you trust it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Availability</name>
    <message>
        <source>Stop &amp;restoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel zooms, middle button or space pans, arrow keys move the before/after slider, the backslash key shows the original while it is held.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CanvasBar</name>
    <message>
        <source>Brush size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Brush size ([ and ], Ctrl + wheel)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far a colour may differ to count as similar (0 to 255)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More about the mask: feather, grow, files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Maps over the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More tools</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} px</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CostLine</name>
    <message>
        <source>Estimating the time …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} on this computer, {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DropSign</name>
    <message>
        <source>Let go here to adapt to these photos too</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FadingValues</name>
    <message>
        <source> %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Contrast left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lightest black</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gain: how much of the print&apos;s contrast is left, on average</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Offset: how light black has become, on average</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FailedFiles</name>
    <message>
        <source>Files that could not be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The selected lines, or all of them (Ctrl+C)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1} files could not be read and are left out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1} file could not be read and is left out</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FailedModel</name>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why it could not be read</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FeatherRow</name>
    <message>
        <source> pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feather: over so many pixels inside the mark&apos;s edge, the repair fades into the photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Soft edge</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ForgetQuestion</name>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot be brought back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete “{0}”? It was not saved.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>Nothing like that was found. Other words may find more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No library is chosen yet. Add a folder of photos under Library, or drop photos here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The photos of your library most like this one will be shown here. Others can be dropped here.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GallerySearch</name>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Similar to the photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add photos …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search by words …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search the libraries by words</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Says what the photos should show, then Enter (text search)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finds the similar photos now; restoring finds them by itself (nearest neighbours)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapts to photos of your own choice too; they can also be dropped here (references)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch all on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch all off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Similar photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photos like {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photos for “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1} on</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ItemMenu</name>
    <message>
        <source>Do not use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore without this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More like this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open large</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobButton</name>
    <message>
        <source>Looking …</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KernelChoice</name>
    <message>
        <source>Soft (Gaussian)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Even (box)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Movement</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From a picture …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The blur kernel (point spread function)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Anticlockwise from the horizontal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of blur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strength</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Direction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard deviation (sigma) of the Gaussian</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>KernelPreview</name>
    <message>
        <source>{0} (kernel of {1} × {1})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture of the blur kernel</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Largest difference outside the mask: {0} of 255.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agreement with the photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far the result, put through the same fault, is from the photo. About 1 is noise; brighter is worse.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} or more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much several tries differ, of 255. Where it is bright, details are guesses.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much the result differs from the photo, of 255.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LibrariesDialog</name>
    <message>
        <source>Photo libraries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your photos stay where they are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for new photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also forgets those that are gone (incremental index)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was read so far is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No photo library yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapting learns from photos like the one you restore. Add a folder of your own: it is looked through once, on this computer, and your photos stay where they are.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LibrariesModel</name>
    <message>
        <source>How much it counts against the other libraries (sampling weight)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last update</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not readable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removing …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking through the folders …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1} photos</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LibraryCommands</name>
    <message>
        <source>{0} and {1} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} could not be read and is left out.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Photo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MaskCommands</name>
    <message>
        <source>Replace {0}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was found to mark.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MaskOptions</name>
    <message>
        <source>Mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> px</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The repair fades into the photo inside the mask&apos;s edge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only connected colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what hangs together with the clicked pixel (flood select)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feather</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grow or shrink by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take away (Alt)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shapes and colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mask colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mask opacity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Red</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Green</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Violet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MaskState</name>
    <message>
        <source>Paint over what is damaged, with the brush below the photo (B).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of the photo is marked and will be filled in.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Restoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close this message</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped. The photo is as it was.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The licence in full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reads every file and compares its checksum (SHA-256)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where larger models lie, or will lie</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Those that came with the program need no network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It belongs to the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deletes its folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading every file …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not in order: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every file is whole.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files are there; their content was not checked yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {0} and its folder {1} ({2})?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MorePanel</name>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By the recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Average them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset these</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Samples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Similar photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Iterations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick is for everyday; Paper takes the published values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sampler: how the model and the photo are brought together</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The diffusion model that knows what photos look like (prior)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Denoising steps of the sampler</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How strongly the photo is held on to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More than one also shows how sure the result is: so many seeds are restored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smoother and closer on average (less distortion); one sample alone is crisper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many are used (K)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training steps of the adaptation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the recipe has it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NeighbourList</name>
    <message>
        <source>Similar photos</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NeighbourModel</name>
    <message>
        <source>yours</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NeighbourView</name>
    <message>
        <source>Use for adapting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More like this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finds photos like this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In your browser</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The one before (Left)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The one before</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next one (Right)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the photo …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The photo cannot be opened; this is its thumbnail.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NoiseRow</name>
    <message>
        <source>Standard deviation (sigma) of the noise, in levels of 0 to 255</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measures the noise of this photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimate the noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>The photo library is not complete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window says why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}: {1} photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The photo library is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restoring failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} restored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The queue is done</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OldPrint</name>
    <message>
        <source>Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Strength</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find scratches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marks thin scratches and dust for you to check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimate the fading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measures how much contrast and colour this photo has lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scratches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything that is marked is filled in; switching this off clears the marks (Ctrl+Z)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gain and offset of each colour channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Blur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Convolution with a kernel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grain of the paper or the film</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The print is black and white, or its colours are not worth keeping: it gets new ones</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PhotoCommands</name>
    <message>
        <source>{0} is a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop photos; folders are added under Library, or restored under File.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} has results that are not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are lost when the photo is closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close without saving</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PhotoStrip</name>
    <message>
        <source>Open more photos, or drop them here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open more photos</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PhotoViewer</name>
    <message>
        <source>Photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wheel zooms, dragging and the arrow keys pan.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Plots</name>
    <message>
        <source>Curves of this restoration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step of adapting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>step of restoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>distance from the photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>noise of the photo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PresetModel</name>
    <message>
        <source>Damaged</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PresetsDialog</name>
    <message>
        <source>Presets</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply to this photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Del</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A preset file, or a folder that peft wrote</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Similar photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Similarity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Author</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Licence</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The photos it was adapted to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For ADIR Desktop: one file …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For peft: a folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no preset yet. Restore a photo with “Adapt to similar photos”, then keep what was learnt; or import a preset.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adapted to the photo itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adapted to one similar photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adapted to {0} similar photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rank {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot be used. Import another copy of it, or delete it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chosen for the open photo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a photo to apply it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the preset {0}? What was learnt is lost for good.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProgressStrip</name>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agreement with the photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Holds the restoration where it is (Ctrl+P)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>loss {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error of the model on the similar photos; lower is better</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agreement with the photo (data consistency): how far the result is from what the photo shows, as a multiple of the photo&apos;s noise. At the mark, 1, it is as close as makes sense.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>agreement {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the engine … Restoring starts when it is ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the engine …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready · {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QtDialogs</name>
    <message>
        <source>Open photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Presets ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a picture of the blur</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a mask: white is damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder of photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the restored photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the mask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the diagnostics</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QueueButton</name>
    <message>
        <source>Queue ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is being restored, and what waits</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QueueList</name>
    <message>
        <source>Queue</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QueueModel</name>
    <message>
        <source>Starting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Nothing waits. Restore puts a photo here while another one runs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes what is done, stopped or failed off the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop this one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QueueRow</name>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove from the queue</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecipeBook</name>
    <message>
        <source>Enlarge a phone picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Old family print</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grainy indoor shot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shaken by hand</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Out of focus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Black-and-white photo</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecipeMenu</name>
    <message>
        <source>Whole recipes: all values at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipe: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save these values as …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} …</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecipePanel</name>
    <message>
        <source>Task</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RemovalQuestion</name>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the library “{0}”? Your photos stay where they are.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RepairValues</name>
    <message>
        <source>Find scratches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marks thin scratches and dust for you to check</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RestoreFoot</name>
    <message>
        <source>Restore</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Again with another seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save image …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save preset …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another of the possible results of these values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore the photo, or stop restoring (Ctrl+Return, Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restores this photo once more, with the values as they are now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a folder …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch all on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a preset …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the brush</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the queue · add another</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ResultCommands</name>
    <message>
        <source>restored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>preset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Results are not saved: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are lost if you go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on without saving</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace {0}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a file of that name in {0} already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is the original photo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its pixels are lost for good if you write over it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write over the original</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ResultList</name>
    <message>
        <source>Results of this photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare with the one shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ResultModel</name>
    <message>
        <source>Original</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The photo as it is in its file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>took {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RunCommands</name>
    <message>
        <source>{0} is not loaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look at it once first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no photos in {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder cannot be repaired at once: each photo has its own scratches.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another task.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ScaleChoice</name>
    <message>
        <source>How much larger</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} times as large</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Scene</name>
    <message>
        <source>After</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without adapting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Before</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SeedRow</name>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed gives the same result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep the seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept: every restoration takes this seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open: every restoration takes another seed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SessionCommands</name>
    <message>
        <source>Your work is not kept against a crash: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save results as they come.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A photo of the last session could not be brought back: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring back the last session?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The photos that are open now are closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The fastest there is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Processor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>NVIDIA graphics card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say when a job ends and the window is not in front</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep photos, masks and results for the next start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The language changes when you start the program again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Beside the libraries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compute with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger models in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder of larger models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After a crash or a power cut, the next start brings all of it back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All of these as they were at first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SheetList</name>
    <message>
        <source>Open photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restore with these values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Puts this photo into the queue with the recipe that is set now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take off the list</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SheetModel</name>
    <message>
        <source>{0} × {1} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting in the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>being restored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>restored</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>restoring failed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search for an action or a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No shortcut is called that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole sheet, to paste and print</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SourceRow</name>
    <message>
        <source>{0} · {1} photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight of {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much these photos count against those of the other libraries</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Sparkline</name>
    <message>
        <source>Curves of this restoration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shows how the loss and the agreement with the photo went</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StoreCommands</name>
    <message>
        <source>The preset {0} is kept under Library › Presets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace {0}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Diagnostics are in {0}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TaskValues</name>
    <message>
        <source>Its greys are kept as they are; only colour is added.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ValueCommands</name>
    <message>
        <source>What should this recipe be called?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the recipe {0}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WeightCell</name>
    <message>
        <source>Weight</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Open a photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+O</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A damaged photo that came with the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add your photo folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photos of yours that resemble a damaged one make its restoration truer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring back your last session ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photos, masks, values and finished results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forgets that session; the photos themselves stay where they are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recent photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a photo here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It stays on this computer, and the file itself is never changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Larger models can be added later under Models.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>gallery</name>
    <message>
        <source>similarity {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>used for adapting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>switched off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>your own photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>your own photos</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>libraries</name>
    <message>
        <source>never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} days ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>just now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} minutes ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an hour ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} hours ago</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>wiring</name>
    <message>
        <source>ADIR Desktop did not close as it should; your work is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Photos, masks and finished results: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring it back</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>Enlarge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Makes a small photo larger, with detail that fits it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Super-resolution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sharpen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undoes the blur of a lens or of movement.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deblurring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes grain and noise away.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Denoising</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fills in what you paint over.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Inpainting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gives a grey photo its colours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colourisation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Old print</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scratches, fading, blur and noise, all at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Several degradations in one operator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking through the library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finding similar photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at your photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at the photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adapting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restoring</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restoring without adapting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estimating the time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring the noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for scratches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selecting similar colours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Measuring the fading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checking files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Removing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeping the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fetching the result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at the program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a few seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {0} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {0} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {0} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>average of {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} samples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>even blur of {0} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>soft blur of {0} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>movement of {0} pixels at {1}°</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blur as in {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>contrast {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>greyish blacks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>red cast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>green cast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>blue cast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>cyan cast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>magenta cast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yellow cast</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fading</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>noise {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>colour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>with the preset {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adapted to similar photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>adapted to the photo itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>quick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as in the paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 photo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} photos</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
