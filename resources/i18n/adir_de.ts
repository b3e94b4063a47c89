<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About ADIR Desktop</source>
        <translation>Über ADIR Desktop</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Bestandteil</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>The parts of the program and their licences</source>
        <translation>Die Bestandteile des Programms und ihre Lizenzen</translation>
    </message>
    <message>
        <source>The licence in full</source>
        <translation>Die Lizenz im vollen Wortlaut</translation>
    </message>
    <message>
        <source>ADIR Desktop {0}</source>
        <translation>ADIR Desktop {0}</translation>
    </message>
    <message>
        <source>Restores photos on this computer, with a diffusion model that adapts to the photos most like yours. Nothing you open leaves this computer.</source>
        <translation>Restauriert Fotos auf diesem Computer, mit einem Diffusionsmodell, das sich an die Fotos anpasst, die Ihrem am ähnlichsten sind. Nichts, was Sie öffnen, verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation>Versionen kopieren</translation>
    </message>
    <message>
        <source>For a report of something that went wrong</source>
        <translation>Um einen Fehler zu melden</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>ADIR Desktop</source>
        <translation>ADIR Desktop</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation>Bibliotheken</translation>
    </message>
    <message>
        <source>It brings no text of its own: {0}</source>
        <translation>Kein eigener Lizenztext: {0}</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Restoring</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <source>Libraries and help</source>
        <translation>Sammlungen und Hilfe</translation>
    </message>
    <message>
        <source>&amp;Open a photo …</source>
        <translation>&amp;Foto öffnen …</translation>
    </message>
    <message>
        <source>Open from the clip&amp;board</source>
        <translation>Aus der Z&amp;wischenablage öffnen</translation>
    </message>
    <message>
        <source>Restore a &amp;folder …</source>
        <translation>&amp;Ordner restaurieren …</translation>
    </message>
    <message>
        <source>&amp;Save image …</source>
        <translation>Bild &amp;speichern …</translation>
    </message>
    <message>
        <source>Save &amp;preset …</source>
        <translation>&amp;Vorgabe speichern …</translation>
    </message>
    <message>
        <source>&amp;Keep preset for other photos</source>
        <translation>Vorgabe für andere Fotos &amp;behalten</translation>
    </message>
    <message>
        <source>&amp;Close the photo</source>
        <translation>Foto s&amp;chließen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>Been&amp;den</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Re&amp;do</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Copy picture</source>
        <translation>Bild &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Invert the mask</source>
        <translation>Maske &amp;umkehren</translation>
    </message>
    <message>
        <source>&amp;Grow the mask</source>
        <translation>&amp;Maske erweitern</translation>
    </message>
    <message>
        <source>&amp;Find scratches</source>
        <translation>Kratzer &amp;suchen</translation>
    </message>
    <message>
        <source>L&amp;oad a mask …</source>
        <translation>Maske &amp;öffnen …</translation>
    </message>
    <message>
        <source>&amp;Hand</source>
        <translation>&amp;Hand</translation>
    </message>
    <message>
        <source>&amp;Brush</source>
        <translation>&amp;Pinsel</translation>
    </message>
    <message>
        <source>&amp;Eraser</source>
        <translation>Ra&amp;dierer</translation>
    </message>
    <message>
        <source>&amp;Rectangle</source>
        <translation>R&amp;echteck</translation>
    </message>
    <message>
        <source>&amp;Lasso</source>
        <translation>&amp;Lasso</translation>
    </message>
    <message>
        <source>&amp;Polygon</source>
        <translation>Pol&amp;ygon</translation>
    </message>
    <message>
        <source>&amp;Similar colours</source>
        <translation>Ähnliche &amp;Farben</translation>
    </message>
    <message>
        <source>&amp;Slider</source>
        <translation>&amp;Schieberegler</translation>
    </message>
    <message>
        <source>Side &amp;by side</source>
        <translation>&amp;Nebeneinander</translation>
    </message>
    <message>
        <source>&amp;Result alone</source>
        <translation>Nur das &amp;Ergebnis</translation>
    </message>
    <message>
        <source>&amp;No map</source>
        <translation>&amp;Keine Karte</translation>
    </message>
    <message>
        <source>Map: &amp;agreement with the photo</source>
        <translation>Karte: Übereinstimmung &amp;mit dem Foto</translation>
    </message>
    <message>
        <source>Map: how s&amp;ure it is</source>
        <translation>Karte: wie si&amp;cher es ist</translation>
    </message>
    <message>
        <source>&amp;Whole photo</source>
        <translation>&amp;Ganzes Foto</translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>&amp;Hineinzoomen</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Her&amp;auszoomen</translation>
    </message>
    <message>
        <source>Brin&amp;g back the last session</source>
        <translation>&amp;Letzte Sitzung zurückholen</translation>
    </message>
    <message>
        <source>Clear the mas&amp;k</source>
        <translation>M&amp;aske leeren</translation>
    </message>
    <message>
        <source>Shri&amp;nk the mask</source>
        <translation>Maske &amp;verkleinern</translation>
    </message>
    <message>
        <source>Sa&amp;ve the mask …</source>
        <translation>Maske spe&amp;ichern …</translation>
    </message>
    <message>
        <source>S&amp;maller brush</source>
        <translation>Pinsel klei&amp;ner</translation>
    </message>
    <message>
        <source>L&amp;arger brush</source>
        <translation>Pinsel &amp;größer</translation>
    </message>
    <message>
        <source>Hide &amp;the mask</source>
        <translation>Maske aus&amp;blenden</translation>
    </message>
    <message>
        <source>Map: what chan&amp;ged</source>
        <translation>Karte: was sich &amp;verändert hat</translation>
    </message>
    <message>
        <source>&amp;Compare without adapting</source>
        <translation>Mit „&amp;ohne Anpassen“ vergleichen</translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation>&amp;Restaurieren</translation>
    </message>
    <message>
        <source>Add to the &amp;queue</source>
        <translation>In die &amp;Warteschlange</translation>
    </message>
    <message>
        <source>A&amp;gain with another seed</source>
        <translation>Noch &amp;einmal mit anderem Startwert</translation>
    </message>
    <message>
        <source>Did adapting &amp;help?</source>
        <translation>Hat das Anpassen ge&amp;holfen?</translation>
    </message>
    <message>
        <source>&amp;Pause or go on</source>
        <translation>&amp;Pause oder weiter</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>&amp;Stoppen</translation>
    </message>
    <message>
        <source>&amp;Next photo</source>
        <translation>&amp;Nächstes Foto</translation>
    </message>
    <message>
        <source>Pre&amp;vious photo</source>
        <translation>&amp;Voriges Foto</translation>
    </message>
    <message>
        <source>&amp;Find similar photos</source>
        <translation>Ähnliche Fotos &amp;suchen</translation>
    </message>
    <message>
        <source>&amp;Add a folder …</source>
        <translation>&amp;Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>&amp;Open a library …</source>
        <translation>Sammlung ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>&amp;Look for new photos</source>
        <translation>&amp;Neue Fotos suchen</translation>
    </message>
    <message>
        <source>L&amp;ibraries …</source>
        <translation>Sammlun&amp;gen …</translation>
    </message>
    <message>
        <source>&amp;Presets …</source>
        <translation>&amp;Vorgaben …</translation>
    </message>
    <message>
        <source>&amp;Models on this computer …</source>
        <translation>&amp;Modelle auf diesem Computer …</translation>
    </message>
    <message>
        <source>&amp;Release models from memory</source>
        <translation>Modelle aus dem Speicher &amp;entlassen</translation>
    </message>
    <message>
        <source>Se&amp;ttings …</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>&amp;Shortcuts</source>
        <translation>&amp;Tastenkürzel</translation>
    </message>
    <message>
        <source>Collect &amp;diagnostics …</source>
        <translation>&amp;Diagnose sammeln …</translation>
    </message>
    <message>
        <source>&amp;About ADIR Desktop</source>
        <translation>Ü&amp;ber ADIR Desktop</translation>
    </message>
</context>
<context>
    <name>AdaptPanel</name>
    <message>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <source>Similar photos</source>
        <translation>Ähnliche Fotos</translation>
    </message>
    <message>
        <source>This photo itself</source>
        <translation>Dieses Foto selbst</translation>
    </message>
    <message>
        <source>Add a folder …</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Libraries …</source>
        <translation>Sammlungen …</translation>
    </message>
    <message>
        <source>From a file …</source>
        <translation>Aus einer Datei …</translation>
    </message>
    <message>
        <source>Also restore without adapting, to compare</source>
        <translation>Zum Vergleich auch ohne Anpassen</translation>
    </message>
    <message>
        <source>Adapt to</source>
        <translation>Anpassen an</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Few-shot fine-tuning of the model (LoRA) before restoring</source>
        <translation>Feinabstimmung des Modells an wenigen Fotos (LoRA) vor dem Restaurieren</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>Keine gewählt</translation>
    </message>
    <message>
        <source>LoRA weights adapted for an earlier photo</source>
        <translation>LoRA-Gewichte, angepasst für ein früheres Foto</translation>
    </message>
    <message>
        <source>Saved presets</source>
        <translation>Gespeicherte Presets</translation>
    </message>
    <message>
        <source>Makes a library of a folder of your photos; they stay where they are</source>
        <translation>Macht aus einem Ordner Ihrer Fotos eine Sammlung; die Fotos bleiben, wo sie sind</translation>
    </message>
    <message>
        <source>Shows, updates and removes libraries</source>
        <translation>Sammlungen ansehen, aktualisieren und entfernen</translation>
    </message>
    <message>
        <source>A preset that somebody sent, or one kept elsewhere</source>
        <translation>Eine Vorgabe, die Ihnen jemand geschickt hat oder die anderswo liegt</translation>
    </message>
    <message>
        <source>The same seed, so that adapting is the only difference</source>
        <translation>Mit demselben Startwert, damit das Anpassen der einzige Unterschied ist</translation>
    </message>
    <message>
        <source>One more …</source>
        <translation>Noch eines …</translation>
    </message>
    <message>
        <source>The model is used as it is.</source>
        <translation>Das Modell wird genommen, wie es ist.</translation>
    </message>
    <message>
        <source>The model first learns from the photos of your libraries most like this one.</source>
        <translation>Das Modell lernt zuerst von den Fotos Ihrer Sammlungen, die diesem am ähnlichsten sind.</translation>
    </message>
    <message>
        <source>The model first learns from this photo alone.</source>
        <translation>Das Modell lernt zuerst allein von diesem Foto.</translation>
    </message>
    <message>
        <source>What was learnt for earlier photos is used again; several presets add up.</source>
        <translation>Was für frühere Fotos gelernt wurde, wird wieder benutzt; mehrere Presets addieren sich.</translation>
    </message>
</context>
<context>
    <name>AgreementGauge</name>
    <message>
        <source>Agreement with the photo</source>
        <translation>Übereinstimmung mit dem Foto</translation>
    </message>
    <message>
        <source>Data consistency: |A x − y| / (σ √m); 1, the mark, is what the photo&apos;s noise explains</source>
        <translation>Datentreue: |A x − y| / (σ √m); 1, die Marke, ist das, was das Rauschen des Fotos erklärt</translation>
    </message>
    <message>
        <source>It follows the photo closer than its noise: some of the noise may be left.</source>
        <translation>Es folgt dem Foto genauer, als dessen Rauschen erlaubt: Etwas Rauschen kann geblieben sein.</translation>
    </message>
    <message>
        <source>The result explains your photo as well as can be.</source>
        <translation>Das Ergebnis erklärt Ihr Foto so gut wie möglich.</translation>
    </message>
    <message>
        <source>The result differs from your photo a little more than noise does.</source>
        <translation>Das Ergebnis weicht etwas stärker von Ihrem Foto ab, als es Rauschen tut.</translation>
    </message>
    <message>
        <source>The result strays from your photo: the blur or the noise may not be what you chose.</source>
        <translation>Das Ergebnis weicht von Ihrem Foto ab: Unschärfe oder Rauschen sind vielleicht anders als gewählt.</translation>
    </message>
</context>
<context>
    <name>AppliedRow</name>
    <message>
        <source>Do not apply {0}</source>
        <translation>{0} nicht anwenden</translation>
    </message>
    <message>
        <source>Strength of {0}</source>
        <translation>Stärke von {0}</translation>
    </message>
    <message>
        <source>100 % is as it was adapted, 0 % as if it were not there</source>
        <translation>100 % ist wie angepasst, 0 % als wäre es nicht da</translation>
    </message>
</context>
<context>
    <name>Availability</name>
    <message>
        <source>Stop &amp;restoring</source>
        <translation>&amp;Restaurieren stoppen</translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation>&amp;Restaurieren</translation>
    </message>
</context>
<context>
    <name>BaseQuestion</name>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>The model it was made for</source>
        <translation>Das Modell, für das es gemacht ist</translation>
    </message>
    <message>
        <source>{0} does not say which model it was made for.</source>
        <translation>{0} sagt nicht, für welches Modell es gemacht ist.</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Wheel zooms, middle button or space pans, arrow keys move the before/after slider, the backslash key or O shows the original while it is held.</source>
        <translation>Das Mausrad zoomt, mittlere Taste oder Leertaste verschiebt, Pfeiltasten bewegen den Vorher-Nachher-Regler, die Taste \ oder O zeigt das Original, solange sie gehalten wird.</translation>
    </message>
</context>
<context>
    <name>CanvasBar</name>
    <message>
        <source>Brush size</source>
        <translation>Pinselgröße</translation>
    </message>
    <message>
        <source>Brush size ([ and ], Ctrl + wheel)</source>
        <translation>Pinselgröße ([ und ], Strg + Mausrad)</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>Toleranz</translation>
    </message>
    <message>
        <source>How far a colour may differ to count as similar (0 to 255)</source>
        <translation>Wie weit eine Farbe abweichen darf, um noch als ähnlich zu gelten (0 bis 255)</translation>
    </message>
    <message>
        <source>More about the mask: feather, grow, files</source>
        <translation>Mehr zur Maske: weicher Rand, Erweitern, Dateien</translation>
    </message>
    <message>
        <source>Maps over the result</source>
        <translation>Karten über dem Ergebnis</translation>
    </message>
    <message>
        <source>More tools</source>
        <translation>Weitere Werkzeuge</translation>
    </message>
    <message>
        <source>{0} px</source>
        <translation>{0} px</translation>
    </message>
</context>
<context>
    <name>CostLine</name>
    <message>
        <source>Estimating the time …</source>
        <translation>Zeit wird geschätzt …</translation>
    </message>
    <message>
        <source>{0} on this computer, {1}</source>
        <translation>{0} auf diesem Computer, {1}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
</context>
<context>
    <name>DropSign</name>
    <message>
        <source>Let go here to adapt to these photos too</source>
        <translation>Hier loslassen, um auch an diese Fotos anzupassen</translation>
    </message>
</context>
<context>
    <name>EncoderChoice</name>
    <message>
        <source>New libraries compare photos by</source>
        <translation>Neue Sammlungen vergleichen Fotos mit</translation>
    </message>
    <message>
        <source>A library keeps the encoder that it was made with (embedding model)</source>
        <translation>Eine Bibliothek behält den Encoder, mit dem sie gemacht wurde (Einbettungsmodell)</translation>
    </message>
</context>
<context>
    <name>ExportButton</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>For ADIR Desktop: one file …</source>
        <translation>Für ADIR Desktop: eine Datei …</translation>
    </message>
    <message>
        <source>For diffusers: one file …</source>
        <translation>Für diffusers: eine Datei …</translation>
    </message>
    <message>
        <source>For ComfyUI, A1111 and kohya: one file …</source>
        <translation>Für ComfyUI, A1111 und kohya: eine Datei …</translation>
    </message>
    <message>
        <source>For peft: a folder …</source>
        <translation>Für peft: ein Ordner …</translation>
    </message>
    <message>
        <source>With the small picture of the photo</source>
        <translation>Mit dem kleinen Bild des Fotos</translation>
    </message>
    <message>
        <source>Whoever gets the file sees the photo in small</source>
        <translation>Wer die Datei bekommt, sieht das Foto im Kleinen</translation>
    </message>
    <message>
        <source>Only presets of Stable Diffusion have this form</source>
        <translation>Nur Presets von Stable Diffusion gibt es in dieser Form</translation>
    </message>
</context>
<context>
    <name>FadingValues</name>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Contrast left</source>
        <translation>Restkontrast</translation>
    </message>
    <message>
        <source>Lightest black</source>
        <translation>Schwarzwert</translation>
    </message>
    <message>
        <source>Gain: how much of the print&apos;s contrast is left, on average</source>
        <translation>Verstärkung: wie viel vom Kontrast des Abzugs im Mittel geblieben ist</translation>
    </message>
    <message>
        <source>Offset: how light black has become, on average</source>
        <translation>Versatz: wie hell Schwarz im Mittel geworden ist</translation>
    </message>
</context>
<context>
    <name>FailedFiles</name>
    <message>
        <source>Files that could not be read</source>
        <translation>Dateien, die nicht lesbar waren</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>The selected lines, or all of them (Ctrl+C)</source>
        <translation>Die ausgewählten Zeilen oder alle (Strg+C)</translation>
    </message>
    <message>
        <source>{0} more are not listed.</source>
        <translation>{0} weitere sind nicht aufgeführt.</translation>
    </message>
    <message>
        <source>{0}: {1} files could not be read and are left out</source>
        <translation>{0}: {1} Dateien waren nicht lesbar und bleiben außen vor</translation>
    </message>
    <message>
        <source>{0}: {1} file could not be read and is left out</source>
        <translation>{0}: {1} Datei war nicht lesbar und bleibt außen vor</translation>
    </message>
    <message>
        <source>{0} cannot be opened</source>
        <translation>{0} lässt sich nicht öffnen</translation>
    </message>
</context>
<context>
    <name>FailedModel</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Why it could not be read</source>
        <translation>Warum sie nicht lesbar war</translation>
    </message>
</context>
<context>
    <name>FeatherRow</name>
    <message>
        <source> pixels</source>
        <translation> Pixel</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>Feather: over so many pixels inside the mark&apos;s edge, the repair fades into the photo</source>
        <translation>Weicher Rand: über so viele Pixel innerhalb der Markierung geht die Reparatur in das Foto über</translation>
    </message>
    <message>
        <source>Soft edge</source>
        <translation>Weicher Rand</translation>
    </message>
</context>
<context>
    <name>FetchStrip</name>
    <message>
        <source>Progress of fetching</source>
        <translation>Fortschritt des Holens</translation>
    </message>
    <message>
        <source>Accept and get</source>
        <translation>Annehmen und holen</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Jetzt nicht</translation>
    </message>
    <message>
        <source>Get …</source>
        <translation>Holen …</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>What has come is kept</source>
        <translation>Was gekommen ist, bleibt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>What has come is deleted</source>
        <translation>Was gekommen ist, wird gelöscht</translation>
    </message>
    <message>
        <source>Use it in place</source>
        <translation>Dort benutzen</translation>
    </message>
    <message>
        <source>Nothing is fetched or copied</source>
        <translation>Nichts wird geholt oder kopiert</translation>
    </message>
    <message>
        <source>I have its files …</source>
        <translation>Ich habe die Dateien …</translation>
    </message>
    <message>
        <source>They move into the folder of models</source>
        <translation>Sie ziehen in den Ordner der Modelle um</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Paused; {0} are here.</source>
        <translation>Pausiert; {0} sind da.</translation>
    </message>
    <message>
        <source>It is on this computer already, in a Hugging Face cache: {0}</source>
        <translation>Es ist schon auf diesem Computer, in einem Hugging-Face-Cache: {0}</translation>
    </message>
    <message>
        <source>Not on this computer: about {0} would come from {1}.</source>
        <translation>Nicht auf diesem Computer: etwa {0} kämen von {1}.</translation>
    </message>
    <message>
        <source>Not on this computer: it would come from {0}.</source>
        <translation>Nicht auf diesem Computer: es käme von {0}.</translation>
    </message>
    <message>
        <source>Waiting for its turn …</source>
        <translation>Wartet, bis es an der Reihe ist …</translation>
    </message>
    <message>
        <source>The limits above are those of the licence {0}; its text: {1}
Do you accept it?</source>
        <translation>Die Grenzen oben sind die der Lizenz {0}; ihr Text: {1}
Nehmen Sie sie an?</translation>
    </message>
</context>
<context>
    <name>FilterButton</name>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Which photos may be found: size, licence, folder, day (filters)</source>
        <translation>Welche Fotos gefunden werden: Größe, Lizenz, Ordner, Tag (Filter)</translation>
    </message>
    <message>
        <source>at least {0} pixels a side</source>
        <translation>mindestens {0} Pixel je Seite</translation>
    </message>
    <message>
        <source>licence “{0}”</source>
        <translation>Lizenz „{0}“</translation>
    </message>
    <message>
        <source>in {0}</source>
        <translation>in {0}</translation>
    </message>
    <message>
        <source>from {0} on</source>
        <translation>ab {0}</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>bis {0}</translation>
    </message>
    <message>
        <source>{0} left out for good</source>
        <translation>{0} für immer ausgelassen</translation>
    </message>
    <message>
        <source>Filters are on:</source>
        <translation>Filter sind an:</translation>
    </message>
</context>
<context>
    <name>FilterPanel</name>
    <message>
        <source> pixels</source>
        <translation> Pixel</translation>
    </message>
    <message>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>Write a day as 2019-05-31, 2019-05 or 2019.</source>
        <translation>Schreiben Sie einen Tag als 2019-05-31, 2019-05 oder 2019.</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>All photos may be found again</source>
        <translation>Alle Fotos dürfen wieder gefunden werden</translation>
    </message>
    <message>
        <source>Let them back in</source>
        <translation>Wieder zulassen</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Only photos in this folder, at any depth</source>
        <translation>Nur Fotos in diesem Ordner, beliebig tief</translation>
    </message>
    <message>
        <source>{0} photos are left out for good</source>
        <translation>{0} Fotos sind für immer ausgelassen</translation>
    </message>
    <message>
        <source>1 photo is left out for good</source>
        <translation>1 Foto ist für immer ausgelassen</translation>
    </message>
    <message>
        <source>Smallest side</source>
        <translation>Kleinste Seite</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>From day</source>
        <translation>Ab Tag</translation>
    </message>
    <message>
        <source>To day</source>
        <translation>Bis Tag</translation>
    </message>
    <message>
        <source>Width and height are at least this (resolution)</source>
        <translation>Breite und Höhe sind mindestens so groß (Auflösung)</translation>
    </message>
    <message>
        <source>A part of its name, such as CC BY</source>
        <translation>Ein Teil ihres Namens, etwa CC BY</translation>
    </message>
    <message>
        <source>Any folder</source>
        <translation>Beliebiger Ordner</translation>
    </message>
    <message>
        <source>any, or 2019-05-31</source>
        <translation>beliebig oder 2019-05-31</translation>
    </message>
    <message>
        <source>When the photo was taken; 2019-05 or 2019 will do (date)</source>
        <translation>Wann das Foto entstand; 2019-05 oder 2019 genügt (Datum)</translation>
    </message>
    <message>
        <source>They may be found again (exclusion list)</source>
        <translation>Sie dürfen wieder gefunden werden (Ausschlussliste)</translation>
    </message>
    <message>
        <source>Only find photos with</source>
        <translation>Nur Fotos finden mit</translation>
    </message>
</context>
<context>
    <name>ForgetQuestion</name>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>It cannot be brought back</source>
        <translation>Es lässt sich nicht zurückholen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Delete “{0}”? It was not saved.</source>
        <translation>„{0}“ löschen? Es ist nicht gespeichert.</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>No photo passes the filters. Asking for less under Filter may find more.</source>
        <translation>Kein Foto passt zu den Filtern. Wer unter Filter weniger verlangt, findet vielleicht mehr.</translation>
    </message>
    <message>
        <source>Nothing like that was found. Other words may find more.</source>
        <translation>Dazu wurde nichts gefunden. Andere Wörter finden vielleicht mehr.</translation>
    </message>
    <message>
        <source>No library is chosen yet. Add a folder of photos under Library, or drop photos here.</source>
        <translation>Noch ist keine Sammlung gewählt. Fügen Sie unter „Sammlung“ einen Ordner mit Fotos hinzu, oder ziehen Sie Fotos hierher.</translation>
    </message>
    <message>
        <source>The photos of your library most like this one will be shown here. Others can be dropped here.</source>
        <translation>Hier erscheinen die Fotos Ihrer Sammlung, die diesem am ähnlichsten sind. Sie können auch andere hierher ziehen.</translation>
    </message>
</context>
<context>
    <name>GallerySearch</name>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Similar to the photo</source>
        <translation>Dem Foto ähnliche</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Add photos …</source>
        <translation>Fotos hinzufügen …</translation>
    </message>
    <message>
        <source>Search by words …</source>
        <translation>Textsuche …</translation>
    </message>
    <message>
        <source>Search the libraries by words</source>
        <translation>Die Sammlungen mit Wörtern durchsuchen</translation>
    </message>
    <message>
        <source>But with …</source>
        <translation>Aber mit …</translation>
    </message>
    <message>
        <source>Says what the photos should show, then Enter (text search)</source>
        <translation>Was die Fotos zeigen sollen, dann Eingabetaste (Textsuche)</translation>
    </message>
    <message>
        <source>Finds the similar photos now; restoring finds them by itself (nearest neighbours)</source>
        <translation>Sucht die ähnlichen Fotos jetzt; das Restaurieren sucht sie sonst von selbst (nächste Nachbarn)</translation>
    </message>
    <message>
        <source>With the photo</source>
        <translation>Mit dem Foto</translation>
    </message>
    <message>
        <source>With the photo: finds photos like this one that also show the words (sum of embeddings)</source>
        <translation>Mit dem Foto: findet Fotos wie dieses, die auch die Worte zeigen (Summe der Einbettungen)</translation>
    </message>
    <message>
        <source>Adapts to photos of your own choice too; they can also be dropped here (references)</source>
        <translation>Passt auch an Fotos an, die Sie selbst aussuchen; sie lassen sich auch hierher ziehen (Referenzen)</translation>
    </message>
    <message>
        <source>Switch all on</source>
        <translation>Alle einschalten</translation>
    </message>
    <message>
        <source>Switch all off</source>
        <translation>Alle ausschalten</translation>
    </message>
    <message>
        <source>Similar photos</source>
        <translation>Ähnliche Fotos</translation>
    </message>
    <message>
        <source>Photos like this one, but “{0}”</source>
        <translation>Fotos wie dieses, aber „{0}“</translation>
    </message>
    <message>
        <source>Photos like {0}</source>
        <translation>Fotos wie {0}</translation>
    </message>
    <message>
        <source>Photos for “{0}”</source>
        <translation>Fotos zu „{0}“</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>aus {0}</translation>
    </message>
    <message>
        <source>Looking …</source>
        <translation>Sucht …</translation>
    </message>
    <message>
        <source>{0} of {1} on</source>
        <translation>{0} von {1} an</translation>
    </message>
    <message>
        <source>This photo, but as the words say, such as: at night; then Enter</source>
        <translation>Dieses Foto, aber wie die Worte sagen, etwa: bei Nacht; dann Eingabe</translation>
    </message>
</context>
<context>
    <name>ItemMenu</name>
    <message>
        <source>Do not use</source>
        <translation>Nicht verwenden</translation>
    </message>
    <message>
        <source>Restore without this one</source>
        <translation>Ohne dieses restaurieren</translation>
    </message>
    <message>
        <source>Leave out for good</source>
        <translation>Für immer auslassen</translation>
    </message>
    <message>
        <source>It is never found again, until Filter lets it back in (exclusion list)</source>
        <translation>Wird nie mehr gefunden, bis Filter es wieder zulässt (Ausschlussliste)</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Ähnliche suchen</translation>
    </message>
    <message>
        <source>Open large</source>
        <translation>Groß öffnen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>Webseite öffnen</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
</context>
<context>
    <name>JobButton</name>
    <message>
        <source>Looking …</source>
        <translation>Sucht …</translation>
    </message>
</context>
<context>
    <name>KernelChoice</name>
    <message>
        <source>Soft (Gaussian)</source>
        <translation>Weich (Gauß)</translation>
    </message>
    <message>
        <source>Even (box)</source>
        <translation>Gleichmäßig (Box)</translation>
    </message>
    <message>
        <source>Movement</source>
        <translation>Bewegung</translation>
    </message>
    <message>
        <source>Camera shake</source>
        <translation>Verwackelt</translation>
    </message>
    <message>
        <source>From a picture …</source>
        <translation>Aus einem Bild …</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> Pixel</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Unsteadiness</source>
        <translation>Unruhe</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Weg</translation>
    </message>
    <message>
        <source>Another path</source>
        <translation>Anderer Weg</translation>
    </message>
    <message>
        <source>The blur kernel (point spread function)</source>
        <translation>Der Faltungskern der Unschärfe (Punktspreizfunktion)</translation>
    </message>
    <message>
        <source>Anticlockwise from the horizontal</source>
        <translation>Gegen den Uhrzeigersinn von der Waagerechten</translation>
    </message>
    <message>
        <source>The square that the camera&apos;s whole path stays in</source>
        <translation>Das Quadrat, in dem der ganze Weg der Kamera liegt</translation>
    </message>
    <message>
        <source>0 % is a straight line; more turns more often and more sharply</source>
        <translation>0 % ist eine gerade Linie; mehr biegt öfter und schärfer ab</translation>
    </message>
    <message>
        <source>The same number (seed) gives the same path</source>
        <translation>Dieselbe Zahl (Startwert) gibt denselben Weg</translation>
    </message>
    <message>
        <source>Kind of blur</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>Richtung</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>Faltungskern</translation>
    </message>
    <message>
        <source>Standard deviation (sigma) of the Gaussian</source>
        <translation>Standardabweichung (Sigma) der Gauß-Glocke</translation>
    </message>
</context>
<context>
    <name>KernelPreview</name>
    <message>
        <source>{0} (kernel of {1} × {1})</source>
        <translation>{0} (Kern {1} × {1})</translation>
    </message>
    <message>
        <source>Picture of the blur kernel</source>
        <translation>Bild des Faltungskerns</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Largest difference outside the mask: {0} of 255.</source>
        <translation>Größter Unterschied außerhalb der Maske: {0} von 255.</translation>
    </message>
    <message>
        <source>Agreement with the photo</source>
        <translation>Übereinstimmung mit dem Foto</translation>
    </message>
    <message>
        <source>How far the result, put through the same fault, is from the photo. About 1 is noise; brighter is worse.</source>
        <translation>Wie weit das Ergebnis, demselben Schaden ausgesetzt, vom Foto entfernt ist. Etwa 1 ist Rauschen; heller ist schlechter.</translation>
    </message>
    <message>
        <source>{0} or more</source>
        <translation>{0} oder mehr</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>Unsicherheit</translation>
    </message>
    <message>
        <source>How much several tries differ, of 255. Where it is bright, details are guesses.</source>
        <translation>Wie stark mehrere Versuche voneinander abweichen, von 255. Wo es hell ist, sind Einzelheiten geraten.</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>Änderungen</translation>
    </message>
    <message>
        <source>How much the result differs from the photo, of 255.</source>
        <translation>Wie stark das Ergebnis vom Foto abweicht, von 255.</translation>
    </message>
</context>
<context>
    <name>LibrariesDialog</name>
    <message>
        <source>Photo libraries</source>
        <translation>Fotosammlungen</translation>
    </message>
    <message>
        <source>Add a folder …</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Your photos stay where they are</source>
        <translation>Ihre Fotos bleiben, wo sie sind</translation>
    </message>
    <message>
        <source>One that lies elsewhere, such as on another drive, built by index_tools (index)</source>
        <translation>Eine, die anderswo liegt, etwa auf einem anderen Laufwerk, mit index_tools gebaut (Index)</translation>
    </message>
    <message>
        <source>Open a library …</source>
        <translation>Bibliothek öffnen …</translation>
    </message>
    <message>
        <source>Look for new photos</source>
        <translation>Neue Fotos suchen</translation>
    </message>
    <message>
        <source>Also forgets those that are gone (incremental index)</source>
        <translation>Vergisst auch die, die es nicht mehr gibt (inkrementeller Index)</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>What was read so far is kept</source>
        <translation>Was bis jetzt gelesen wurde, bleibt erhalten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>No photo library yet</source>
        <translation>Noch keine Fotosammlung</translation>
    </message>
    <message>
        <source>Adapting learns from photos like the one you restore. Add a folder of your own: it is looked through once, on this computer, and your photos stay where they are.</source>
        <translation>Das Anpassen lernt von Fotos, die dem restaurierten ähneln. Fügen Sie einen eigenen Ordner hinzu: Er wird einmal durchgesehen, auf diesem Computer, und Ihre Fotos bleiben, wo sie sind.</translation>
    </message>
</context>
<context>
    <name>LibrariesModel</name>
    <message>
        <source>How much it counts against the other libraries (sampling weight)</source>
        <translation>Wie viel sie gegenüber den anderen Sammlungen zählt (Gewicht beim Ziehen)</translation>
    </message>
    <message>
        <source>What compares its photos; libraries that are searched together have the same one</source>
        <translation>Womit ihre Fotos verglichen werden; gemeinsam durchsuchte Sammlungen haben denselben</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Sammlung</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Last update</source>
        <translation>Aktualisiert</translation>
    </message>
    <message>
        <source>Not readable</source>
        <translation>Nicht lesbar</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>New library</source>
        <translation>Neue Sammlung</translation>
    </message>
    <message>
        <source>Removing …</source>
        <translation>Wird entfernt …</translation>
    </message>
    <message>
        <source>Cannot be opened</source>
        <translation>Nicht zu öffnen</translation>
    </message>
    <message>
        <source>Looking through the folders …</source>
        <translation>Ordner werden durchgesehen …</translation>
    </message>
    <message>
        <source>{0} of {1} photos</source>
        <translation>{0} von {1} Fotos</translation>
    </message>
</context>
<context>
    <name>LibraryCommands</name>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0} und {1} weitere</translation>
    </message>
    <message>
        <source>{0} could not be read and is left out.</source>
        <translation>{0}: nicht lesbar, bleibt außen vor.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
</context>
<context>
    <name>MaskCommands</name>
    <message>
        <source>Replace {0}?</source>
        <translation>{0} ersetzen?</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>Gespeichert: {0}</translation>
    </message>
    <message>
        <source>Nothing was found to mark.</source>
        <translation>Es wurde nichts gefunden, was zu markieren wäre.</translation>
    </message>
</context>
<context>
    <name>MaskOptions</name>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>The repair fades into the photo inside the mask&apos;s edge</source>
        <translation>Die Reparatur geht innerhalb des Maskenrands in das Foto über</translation>
    </message>
    <message>
        <source>Only connected colours</source>
        <translation>Nur zusammenhängende Farben</translation>
    </message>
    <message>
        <source>Only what hangs together with the clicked pixel (flood select)</source>
        <translation>Nur was mit dem angeklickten Pixel zusammenhängt (Zauberstab)</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>Weicher Rand</translation>
    </message>
    <message>
        <source>Grow or shrink by</source>
        <translation>Ändern um</translation>
    </message>
    <message>
        <source>Add to the mask</source>
        <translation>Zur Maske hinzufügen</translation>
    </message>
    <message>
        <source>Take away (Alt)</source>
        <translation>Wegnehmen (Alt)</translation>
    </message>
    <message>
        <source>Replace the mask</source>
        <translation>Maske ersetzen</translation>
    </message>
    <message>
        <source>Shapes and colours</source>
        <translation>Formen und Farben</translation>
    </message>
    <message>
        <source>Mask colour</source>
        <translation>Maskenfarbe</translation>
    </message>
    <message>
        <source>Mask opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>Rot</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>Gelb</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>Violett</translation>
    </message>
</context>
<context>
    <name>MaskState</name>
    <message>
        <source>Paint over what is damaged, with the brush below the photo (B).</source>
        <translation>Übermalen Sie, was beschädigt ist, mit dem Pinsel unter dem Foto (B).</translation>
    </message>
    <message>
        <source>Paint over what is to change, with the brush below the photo (B).</source>
        <translation>Übermalen Sie mit dem Pinsel unter dem Foto, was sich ändern soll (B).</translation>
    </message>
    <message>
        <source>{0} of the photo is marked and will be filled in.</source>
        <translation>{0} des Fotos sind markiert und werden ausgefüllt.</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Restoring</source>
        <translation>&amp;Restaurieren</translation>
    </message>
    <message>
        <source>&amp;Library</source>
        <translation>&amp;Sammlung</translation>
    </message>
    <message>
        <source>&amp;Models</source>
        <translation>&amp;Modelle</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>Noch nichts</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>Gespeichert: {0}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Stopped. The photo is as it was.</source>
        <translation>Gestoppt. Das Foto ist, wie es war.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Gestoppt.</translation>
    </message>
</context>
<context>
    <name>ModelCommands</name>
    <message>
        <source>The models are out of memory; the next restoration loads what it needs.</source>
        <translation>Die Modelle sind aus dem Speicher; die nächste Wiederherstellung lädt, was sie braucht.</translation>
    </message>
</context>
<context>
    <name>ModelDetails</name>
    <message>
        <source>The licence in full</source>
        <translation>Die Lizenz im vollen Wortlaut</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Zweck</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>etwa {0}</translation>
    </message>
    <message>
        <source>told before anything is fetched</source>
        <translation>wird gesagt, bevor etwas geholt wird</translation>
    </message>
    <message>
        <source>{0} (a Hugging Face cache, used in place)</source>
        <translation>{0} (ein Hugging-Face-Cache, dort benutzt)</translation>
    </message>
</context>
<context>
    <name>ModelsDialog</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>Fortschritt der Prüfung</translation>
    </message>
    <message>
        <source>Check the files</source>
        <translation>Dateien prüfen</translation>
    </message>
    <message>
        <source>Reads every file and compares its checksum (SHA-256)</source>
        <translation>Liest jede Datei und vergleicht ihre Prüfsumme (SHA-256)</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>Entfernen …</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Choose the folder …</source>
        <translation>Ordner wählen …</translation>
    </message>
    <message>
        <source>Where larger models lie, or will lie</source>
        <translation>Wo größere Modelle liegen oder liegen sollen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Move them in</source>
        <translation>Umziehen lassen</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Jetzt nicht</translation>
    </message>
    <message>
        <source>Move the model of {0} into the folder of models? A Hugging Face cache stays as it is.</source>
        <translation>Das Modell von {0} in den Ordner der Modelle umziehen lassen? Ein Hugging-Face-Cache bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Models that you have got yourself, as a file or a folder</source>
        <translation>Modelle, die Sie sich selbst besorgt haben, als Datei oder Ordner</translation>
    </message>
    <message>
        <source>Move the models …</source>
        <translation>Modelle umziehen …</translation>
    </message>
    <message>
        <source>Brings all of them into another folder</source>
        <translation>Bringt sie alle in einen anderen Ordner</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>Nothing is fetched before you ask for it.</source>
        <translation>Nichts wird geholt, bevor Sie es verlangen.</translation>
    </message>
    <message>
        <source>Not on this computer: {0}</source>
        <translation>Nicht auf diesem Computer: {0}</translation>
    </message>
    <message>
        <source>It belongs to the program</source>
        <translation>Es gehört zum Programm</translation>
    </message>
    <message>
        <source>Deletes its folder</source>
        <translation>Löscht seinen Ordner</translation>
    </message>
    <message>
        <source>It stays in the cache</source>
        <translation>Es bleibt im Cache</translation>
    </message>
    <message>
        <source>Reading every file …</source>
        <translation>Jede Datei wird gelesen …</translation>
    </message>
    <message>
        <source>Not in order: {0}</source>
        <translation>Nicht in Ordnung: {0}</translation>
    </message>
    <message>
        <source>Every file is whole.</source>
        <translation>Alle Dateien sind unversehrt.</translation>
    </message>
    <message>
        <source>All files are there; their content was not checked yet.</source>
        <translation>Alle Dateien sind da; ihr Inhalt wurde noch nicht geprüft.</translation>
    </message>
    <message>
        <source>Remove {0} and its folder {1} ({2})?</source>
        <translation>{0} und den Ordner {1} ({2}) entfernen?</translation>
    </message>
    <message>
        <source>Use {0} no longer? It stays in the cache {1} ({2}).</source>
        <translation>{0} nicht mehr benutzen? Es bleibt im Cache {1} ({2}).</translation>
    </message>
</context>
<context>
    <name>MorePanel</name>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>By the recipe</source>
        <translation>Laut Rezept</translation>
    </message>
    <message>
        <source>Average them</source>
        <translation>Mitteln</translation>
    </message>
    <message>
        <source>Reset these</source>
        <translation>Diese zurücksetzen</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Lenkung</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Stichproben</translation>
    </message>
    <message>
        <source>Similar photos</source>
        <translation>Ähnliche Fotos</translation>
    </message>
    <message>
        <source>Iterations</source>
        <translation>Iterationen</translation>
    </message>
    <message>
        <source>Quick is for everyday; Paper takes the published values</source>
        <translation>Schnell ist für den Alltag; Artikel nimmt die veröffentlichten Werte</translation>
    </message>
    <message>
        <source>The sampler: how the model and the photo are brought together</source>
        <translation>Der Sampler: wie Modell und Foto zusammengebracht werden</translation>
    </message>
    <message>
        <source>The diffusion model that knows what photos look like (prior)</source>
        <translation>Das Diffusionsmodell, das weiß, wie Fotos aussehen (Prior)</translation>
    </message>
    <message>
        <source>Denoising steps of the sampler</source>
        <translation>Entrauschungsschritte des Samplers</translation>
    </message>
    <message>
        <source>How strongly the photo is held on to</source>
        <translation>Wie streng am Foto festgehalten wird</translation>
    </message>
    <message>
        <source>More than one also shows how sure the result is: so many seeds are restored</source>
        <translation>Mehr als eine zeigt auch, wie sicher das Ergebnis ist: So viele Startwerte werden restauriert</translation>
    </message>
    <message>
        <source>Smoother and closer on average (less distortion); one sample alone is crisper</source>
        <translation>Glatter und im Mittel näher am Original (weniger Abweichung); eine Stichprobe allein ist knackiger</translation>
    </message>
    <message>
        <source>How many are used (K)</source>
        <translation>Wie viele verwendet werden (K)</translation>
    </message>
    <message>
        <source>Training steps of the adaptation</source>
        <translation>Trainingsschritte beim Anpassen</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>Artikel</translation>
    </message>
    <message>
        <source>As the recipe has it</source>
        <translation>Wie im Rezept</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>Startmodell</translation>
    </message>
</context>
<context>
    <name>NeighbourList</name>
    <message>
        <source>Similar photos</source>
        <translation>Ähnliche Fotos</translation>
    </message>
</context>
<context>
    <name>NeighbourModel</name>
    <message>
        <source>yours</source>
        <translation>eigenes</translation>
    </message>
</context>
<context>
    <name>NeighbourView</name>
    <message>
        <source>Use for adapting</source>
        <translation>Zum Anpassen verwenden</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Ähnliche suchen</translation>
    </message>
    <message>
        <source>Finds photos like this one</source>
        <translation>Sucht Fotos, die diesem ähneln</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>Webseite öffnen</translation>
    </message>
    <message>
        <source>The one before (Left)</source>
        <translation>Das vorige (Pfeil links)</translation>
    </message>
    <message>
        <source>The one before</source>
        <translation>Das vorige</translation>
    </message>
    <message>
        <source>The next one (Right)</source>
        <translation>Das nächste (Pfeil rechts)</translation>
    </message>
    <message>
        <source>The next one</source>
        <translation>Das nächste</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>In your browser: {0}</source>
        <translation>In Ihrem Browser: {0}</translation>
    </message>
    <message>
        <source>Opening the photo …</source>
        <translation>Foto wird geöffnet …</translation>
    </message>
    <message>
        <source>The photo cannot be opened; this is its thumbnail.</source>
        <translation>Das Foto lässt sich nicht öffnen; dies ist sein Vorschaubild.</translation>
    </message>
</context>
<context>
    <name>NoiseRow</name>
    <message>
        <source>Standard deviation (sigma) of the noise, in levels of 0 to 255</source>
        <translation>Standardabweichung (Sigma) des Rauschens, in Stufen von 0 bis 255</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>Schätzen</translation>
    </message>
    <message>
        <source>Measures the noise of this photo</source>
        <translation>Misst das Rauschen dieses Fotos</translation>
    </message>
    <message>
        <source>Estimate the noise</source>
        <translation>Rauschen schätzen</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>The photo library is not complete</source>
        <translation>Die Fotosammlung ist nicht vollständig</translation>
    </message>
    <message>
        <source>The window says why.</source>
        <translation>Das Fenster sagt, warum.</translation>
    </message>
    <message>
        <source>{0}: {1} photos</source>
        <translation>{0}: {1} Fotos</translation>
    </message>
    <message>
        <source>The photo library is ready</source>
        <translation>Die Fotosammlung ist bereit</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>Restauriert</translation>
    </message>
    <message>
        <source>Restoring failed</source>
        <translation>Restaurieren fehlgeschlagen</translation>
    </message>
    <message>
        <source>{0} restored</source>
        <translation>{0} restauriert</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} fehlgeschlagen</translation>
    </message>
    <message>
        <source>The queue is done</source>
        <translation>Die Warteschlange ist abgearbeitet</translation>
    </message>
</context>
<context>
    <name>OldPrint</name>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>Schätzen</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>Find scratches</source>
        <translation>Kratzer suchen</translation>
    </message>
    <message>
        <source>Marks thin scratches and dust for you to check</source>
        <translation>Markiert dünne Kratzer und Staub; Sie prüfen nach</translation>
    </message>
    <message>
        <source>Estimate the fading</source>
        <translation>Verblassung schätzen</translation>
    </message>
    <message>
        <source>Measures how much contrast and colour this photo has lost</source>
        <translation>Misst, wie viel Kontrast und Farbe dieses Foto verloren hat</translation>
    </message>
    <message>
        <source>Scratches</source>
        <translation>Kratzer</translation>
    </message>
    <message>
        <source>Everything that is marked is filled in; switching this off clears the marks (Ctrl+Z)</source>
        <translation>Alles Markierte wird ausgefüllt; Ausschalten löscht die Markierungen (zurück mit Strg+Z)</translation>
    </message>
    <message>
        <source>Fading</source>
        <translation>Verblassung</translation>
    </message>
    <message>
        <source>Gain and offset of each colour channel</source>
        <translation>Verstärkung und Versatz jedes Farbkanals</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>Unschärfe</translation>
    </message>
    <message>
        <source>Convolution with a kernel</source>
        <translation>Faltung mit einem Kern</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>Grain of the paper or the film</source>
        <translation>Korn des Papiers oder des Films</translation>
    </message>
    <message>
        <source>No colours</source>
        <translation>Ohne Farben</translation>
    </message>
    <message>
        <source>The print is black and white, or its colours are not worth keeping: it gets new ones</source>
        <translation>Der Abzug ist schwarz-weiß, oder seine Farben sind nicht zu retten: Er bekommt neue</translation>
    </message>
</context>
<context>
    <name>OptionRows</name>
    <message>
        <source>By the recipe</source>
        <translation>Laut Rezept</translation>
    </message>
</context>
<context>
    <name>PhotoCommands</name>
    <message>
        <source>{0} is a folder.</source>
        <translation>{0} ist ein Ordner.</translation>
    </message>
    <message>
        <source>Drop photos; folders are added under Library, or restored under File.</source>
        <translation>Ziehen Sie Fotos hierher; Ordner werden unter „Sammlung“ hinzugefügt oder unter „Datei“ restauriert.</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation>In der Zwischenablage ist kein Bild.</translation>
    </message>
    <message>
        <source>Copy one first.</source>
        <translation>Kopieren Sie zuerst eines.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
    <message>
        <source>Close {0}?</source>
        <translation>{0} schließen?</translation>
    </message>
    <message>
        <source>Lost when it is closed: {0}.</source>
        <translation>Beim Schließen geht verloren: {0}.</translation>
    </message>
    <message>
        <source>Close the photo</source>
        <translation>Foto schließen</translation>
    </message>
    <message>
        <source>results that are not saved</source>
        <translation>nicht gespeicherte Ergebnisse</translation>
    </message>
    <message>
        <source>its mask</source>
        <translation>seine Maske</translation>
    </message>
    <message>
        <source>the restoration that is running</source>
        <translation>die laufende Restaurierung</translation>
    </message>
</context>
<context>
    <name>PhotoStrip</name>
    <message>
        <source>Open more photos, or drop them here</source>
        <translation>Weitere Fotos öffnen oder hierher ziehen</translation>
    </message>
    <message>
        <source>Open more photos</source>
        <translation>Weitere Fotos öffnen</translation>
    </message>
</context>
<context>
    <name>PhotoViewer</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Wheel zooms, dragging and the arrow keys pan.</source>
        <translation>Das Mausrad zoomt, Ziehen und Pfeiltasten verschieben.</translation>
    </message>
</context>
<context>
    <name>Plots</name>
    <message>
        <source>Curves of this restoration</source>
        <translation>Kurven dieser Restaurierung</translation>
    </message>
    <message>
        <source>step of adapting</source>
        <translation>Schritt beim Anpassen</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>step of restoring</source>
        <translation>Schritt beim Restaurieren</translation>
    </message>
    <message>
        <source>distance from the photo</source>
        <translation>Abstand vom Foto</translation>
    </message>
    <message>
        <source>noise of the photo</source>
        <translation>Rauschen des Fotos</translation>
    </message>
</context>
<context>
    <name>PresetModel</name>
    <message>
        <source>Damaged</source>
        <translation>Beschädigt</translation>
    </message>
</context>
<context>
    <name>PresetsDialog</name>
    <message>
        <source>Presets</source>
        <translation>Vorgaben</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Apply to this photo</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>F2</source>
        <translation>F2</translation>
    </message>
    <message>
        <source>Delete …</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Entf</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Similar photo</source>
        <translation>Ähnliches Foto</translation>
    </message>
    <message>
        <source>Similarity</source>
        <translation>Ähnlichkeit</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>Urheber</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>The photos it was adapted to</source>
        <translation>Die Fotos, an die angepasst wurde</translation>
    </message>
    <message>
        <source>A preset, or a LoRA of another program: kohya, diffusers, peft</source>
        <translation>Ein Preset oder eine LoRA eines anderen Programms: kohya, diffusers, peft</translation>
    </message>
    <message>
        <source>There is no preset yet. Restore a photo with “Adapt to similar photos”, then keep what was learnt; or import a preset.</source>
        <translation>Es gibt noch keine Vorgabe. Restaurieren Sie ein Foto mit „Anpassen an: Ähnliche Fotos“ und behalten Sie, was gelernt wurde; oder importieren Sie eine Vorgabe.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>adapted to the photo itself</source>
        <translation>angepasst an das Foto selbst</translation>
    </message>
    <message>
        <source>adapted to one similar photo</source>
        <translation>angepasst an ein ähnliches Foto</translation>
    </message>
    <message>
        <source>adapted to {0} similar photos</source>
        <translation>angepasst an {0} ähnliche Fotos</translation>
    </message>
    <message>
        <source>rank {0}</source>
        <translation>Rang {0}</translation>
    </message>
    <message>
        <source>It cannot be used. Import another copy of it, or delete it.</source>
        <translation>Sie ist nicht verwendbar. Importieren Sie eine andere Kopie, oder löschen Sie sie.</translation>
    </message>
    <message>
        <source>Chosen for the open photo.</source>
        <translation>Für das offene Foto gewählt.</translation>
    </message>
    <message>
        <source>Open a photo to apply it.</source>
        <translation>Öffnen Sie ein Foto, um sie anzuwenden.</translation>
    </message>
    <message>
        <source>Delete the preset {0}? What was learnt is lost for good.</source>
        <translation>Die Vorgabe {0} löschen? Das Gelernte ist dann endgültig verloren.</translation>
    </message>
</context>
<context>
    <name>ProgressStrip</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Agreement with the photo</source>
        <translation>Übereinstimmung mit dem Foto</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Holds the restoration where it is (Ctrl+P)</source>
        <translation>Hält die Restaurierung an, wo sie ist (Strg+P)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>Stoppen (Esc)</translation>
    </message>
    <message>
        <source>loss {0}</source>
        <translation>Fehler {0}</translation>
    </message>
    <message>
        <source>Error of the model on the similar photos; lower is better</source>
        <translation>Fehler des Modells auf den ähnlichen Fotos (loss); kleiner ist besser</translation>
    </message>
    <message>
        <source>Agreement with the photo (data consistency): how far the result is from what the photo shows, as a multiple of the photo&apos;s noise. At the mark, 1, it is as close as makes sense.</source>
        <translation>Übereinstimmung mit dem Foto (Datentreue): wie weit das Ergebnis von dem entfernt ist, was das Foto zeigt, als Vielfaches des Rauschens im Foto. Bei der Marke, 1, ist es so nah, wie es sinnvoll ist.</translation>
    </message>
    <message>
        <source>agreement {0}</source>
        <translation>Übereinstimmung {0}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>noch {0}</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Stoppt …</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Loading the engine … Restoring starts when it is ready.</source>
        <translation>Programmkern wird geladen … Das Restaurieren beginnt, sobald er bereit ist.</translation>
    </message>
    <message>
        <source>Loading the engine …</source>
        <translation>Programmkern wird geladen …</translation>
    </message>
    <message>
        <source>Ready · {0}</source>
        <translation>Bereit · {0}</translation>
    </message>
</context>
<context>
    <name>QtDialogs</name>
    <message>
        <source>Open photos</source>
        <translation>Fotos öffnen</translation>
    </message>
    <message>
        <source>Choose a preset</source>
        <translation>Vorgabe wählen</translation>
    </message>
    <message>
        <source>Presets ({0})</source>
        <translation>Vorgaben ({0})</translation>
    </message>
    <message>
        <source>Pictures ({0})</source>
        <translation>Bilder ({0})</translation>
    </message>
    <message>
        <source>Choose a picture of the blur</source>
        <translation>Bild der Unschärfe wählen</translation>
    </message>
    <message>
        <source>Choose a mask: white is damaged</source>
        <translation>Maske wählen: Weiß ist beschädigt</translation>
    </message>
    <message>
        <source>Models ({0})</source>
        <translation>Modelle ({0})</translation>
    </message>
    <message>
        <source>Choose a checkpoint, or the JSON file of a model&apos;s folder</source>
        <translation>Einen Checkpoint wählen oder die JSON-Datei eines Modellordners</translation>
    </message>
    <message>
        <source>Choose a folder of photos</source>
        <translation>Ordner mit Fotos wählen</translation>
    </message>
    <message>
        <source>Choose the folder of a library</source>
        <translation>Ordner einer Sammlung wählen</translation>
    </message>
    <message>
        <source>Save the restored photo</source>
        <translation>Restauriertes Foto speichern</translation>
    </message>
    <message>
        <source>Save the preset</source>
        <translation>Vorgabe speichern</translation>
    </message>
    <message>
        <source>Save the mask</source>
        <translation>Maske speichern</translation>
    </message>
    <message>
        <source>Save the diagnostics</source>
        <translation>Diagnose speichern</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>QueueButton</name>
    <message>
        <source>Queue ({0})</source>
        <translation>Reihe ({0})</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Reihe</translation>
    </message>
    <message>
        <source>{0} to do</source>
        <translation>{0} offen</translation>
    </message>
    <message>
        <source>{0} failed</source>
        <translation>{0} fehlgeschlagen</translation>
    </message>
    <message>
        <source>What is being restored, and what waits</source>
        <translation>Was restauriert wird und was wartet</translation>
    </message>
</context>
<context>
    <name>QueueList</name>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
</context>
<context>
    <name>QueueModel</name>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Gestoppt</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>noch {0}</translation>
    </message>
</context>
<context>
    <name>QueuePanel</name>
    <message>
        <source>Nothing waits. Restore puts a photo here while another one runs.</source>
        <translation>Nichts wartet. „Restaurieren“ stellt ein Foto hier an, solange ein anderes läuft.</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Clear finished</source>
        <translation>Erledigte entfernen</translation>
    </message>
    <message>
        <source>Takes what is done, stopped or failed off the list</source>
        <translation>Nimmt von der Liste, was fertig, gestoppt oder fehlgeschlagen ist</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>Früher</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>Stop this one</source>
        <translation>Diesen stoppen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Remove from the queue</source>
        <translation>Aus der Warteschlange nehmen</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>Warteschlange</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Weiter</translation>
    </message>
</context>
<context>
    <name>QueueRow</name>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Remove from the queue</source>
        <translation>Aus der Warteschlange nehmen</translation>
    </message>
</context>
<context>
    <name>RecipeBook</name>
    <message>
        <source>Enlarge a phone picture</source>
        <translation>Handybild vergrößern</translation>
    </message>
    <message>
        <source>Old family print</source>
        <translation>Alter Familienabzug</translation>
    </message>
    <message>
        <source>Grainy indoor shot</source>
        <translation>Körnige Innenaufnahme</translation>
    </message>
    <message>
        <source>Shaken by hand</source>
        <translation>Verwackelt</translation>
    </message>
    <message>
        <source>Out of focus</source>
        <translation>Falsch fokussiert</translation>
    </message>
    <message>
        <source>Black-and-white photo</source>
        <translation>Schwarz-Weiß-Foto</translation>
    </message>
</context>
<context>
    <name>RecipeMenu</name>
    <message>
        <source>Whole recipes: all values at once</source>
        <translation>Ganze Rezepte: alle Werte auf einmal</translation>
    </message>
    <message>
        <source>Recipes</source>
        <translation>Rezepte</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>&amp;Umbenennen</translation>
    </message>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>Recipe: {0}</source>
        <translation>Rezept: {0}</translation>
    </message>
    <message>
        <source>&amp;Save these values as …</source>
        <translation>Diese Werte &amp;speichern als …</translation>
    </message>
    <message>
        <source>{0} …</source>
        <translation>{0} …</translation>
    </message>
</context>
<context>
    <name>RecipePanel</name>
    <message>
        <source>Task</source>
        <translation>Aufgabe</translation>
    </message>
</context>
<context>
    <name>RemovalQuestion</name>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Remove the library “{0}”? Your photos stay where they are.</source>
        <translation>Die Sammlung „{0}“ entfernen? Ihre Fotos bleiben, wo sie sind.</translation>
    </message>
    <message>
        <source>Remove the library “{0}” from the list? It stays in {1}, and can be opened again.</source>
        <translation>Die Sammlung „{0}“ aus der Liste nehmen? Sie bleibt in {1} und kann wieder geöffnet werden.</translation>
    </message>
</context>
<context>
    <name>RepairValues</name>
    <message>
        <source>Find scratches</source>
        <translation>Kratzer suchen</translation>
    </message>
    <message>
        <source>Marks thin scratches and dust for you to check</source>
        <translation>Markiert dünne Kratzer und Staub; Sie prüfen nach</translation>
    </message>
</context>
<context>
    <name>RestoreFoot</name>
    <message>
        <source>Restore</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Add to queue</source>
        <translation>Einreihen</translation>
    </message>
    <message>
        <source>Again with another seed</source>
        <translation>Noch einmal, anderer Startwert</translation>
    </message>
    <message>
        <source>Save image …</source>
        <translation>Bild speichern …</translation>
    </message>
    <message>
        <source>Save preset …</source>
        <translation>Vorgabe speichern …</translation>
    </message>
    <message>
        <source>Another of the possible results of these values</source>
        <translation>Ein anderes der möglichen Ergebnisse dieser Werte</translation>
    </message>
    <message>
        <source>Restore the photo, or stop restoring (Ctrl+Return, Esc)</source>
        <translation>Foto restaurieren oder das Restaurieren stoppen (Strg+Return, Esc)</translation>
    </message>
    <message>
        <source>Restores this photo once more, with the values as they are now</source>
        <translation>Restauriert dieses Foto noch einmal, mit den Werten, wie sie jetzt sind</translation>
    </message>
    <message>
        <source>Add a folder …</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Switch all on</source>
        <translation>Alle einschalten</translation>
    </message>
    <message>
        <source>Choose a preset …</source>
        <translation>Vorgabe wählen …</translation>
    </message>
    <message>
        <source>Take the brush</source>
        <translation>Pinsel nehmen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Stoppt …</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stoppen</translation>
    </message>
    <message>
        <source>In the queue · add another</source>
        <translation>Eingereiht · noch einmal einreihen</translation>
    </message>
</context>
<context>
    <name>ResultCommands</name>
    <message>
        <source>restored</source>
        <translation>restauriert</translation>
    </message>
    <message>
        <source>preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Results are not saved: {0}.</source>
        <translation>Ergebnisse sind nicht gespeichert: {0}.</translation>
    </message>
    <message>
        <source>They are lost if you go on.</source>
        <translation>Sie gehen verloren, wenn Sie fortfahren.</translation>
    </message>
    <message>
        <source>Go on without saving</source>
        <translation>Ohne Speichern fortfahren</translation>
    </message>
    <message>
        <source>Replace {0}?</source>
        <translation>{0} ersetzen?</translation>
    </message>
    <message>
        <source>There is a file of that name in {0} already.</source>
        <translation>In {0} gibt es schon eine Datei dieses Namens.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>{0} is the original photo.</source>
        <translation>{0} ist das Originalfoto.</translation>
    </message>
    <message>
        <source>Its pixels are lost for good if you write over it.</source>
        <translation>Seine Pixel sind endgültig verloren, wenn Sie es überschreiben.</translation>
    </message>
    <message>
        <source>Write over the original</source>
        <translation>Original überschreiben</translation>
    </message>
</context>
<context>
    <name>ResultList</name>
    <message>
        <source>Results of this photo</source>
        <translation>Ergebnisse dieses Fotos</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Compare with the one shown</source>
        <translation>Mit dem gezeigten vergleichen</translation>
    </message>
    <message>
        <source>Use its recipe</source>
        <translation>Dieses Rezept verwenden</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>ResultModel</name>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>The photo as it is in its file</source>
        <translation>Das Foto, wie es in seiner Datei ist</translation>
    </message>
    <message>
        <source>took {0}</source>
        <translation>dauerte {0}</translation>
    </message>
    <message>
        <source>saved</source>
        <translation>gespeichert</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>noch nicht gespeichert</translation>
    </message>
</context>
<context>
    <name>RunCommands</name>
    <message>
        <source>{0} is not loaded.</source>
        <translation>{0} ist nicht geladen.</translation>
    </message>
    <message>
        <source>Look at it once first.</source>
        <translation>Lassen Sie es sich zuerst einmal zeigen.</translation>
    </message>
    <message>
        <source>{0} leaves nothing to chance: another seed gives the same picture.</source>
        <translation>{0} überlässt nichts dem Zufall: Ein anderer Startwert ergibt dasselbe Bild.</translation>
    </message>
    <message>
        <source>Choose another method under More, such as DiffPIR.</source>
        <translation>Unter „Mehr“ ein anderes Verfahren wählen, zum Beispiel DiffPIR.</translation>
    </message>
    <message>
        <source>There are no photos in {0}.</source>
        <translation>In {0} sind keine Fotos.</translation>
    </message>
    <message>
        <source>Choose a folder with JPEG, PNG, TIFF or WebP files.</source>
        <translation>Wählen Sie einen Ordner mit JPEG-, PNG-, TIFF- oder WebP-Dateien.</translation>
    </message>
    <message>
        <source>A folder cannot be repaired at once: each photo has its own scratches.</source>
        <translation>Ein Ordner lässt sich nicht auf einmal reparieren: Jedes Foto hat seine eigenen Kratzer.</translation>
    </message>
    <message>
        <source>Choose another task.</source>
        <translation>Wählen Sie eine andere Aufgabe.</translation>
    </message>
</context>
<context>
    <name>ScaleChoice</name>
    <message>
        <source>How much larger</source>
        <translation>Wie viel größer</translation>
    </message>
    <message>
        <source>{0} times as large</source>
        <translation>{0}-mal so groß</translation>
    </message>
</context>
<context>
    <name>Scene</name>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>Without adapting</source>
        <translation>Ohne Anpassen</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
</context>
<context>
    <name>SeedRow</name>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The same seed gives the same result</source>
        <translation>Derselbe Startwert gibt dasselbe Ergebnis</translation>
    </message>
    <message>
        <source>Keep the seed</source>
        <translation>Startwert behalten</translation>
    </message>
    <message>
        <source>Another seed</source>
        <translation>Anderer Startwert</translation>
    </message>
    <message>
        <source>Kept: every restoration takes this seed</source>
        <translation>Festgehalten: Jede Restaurierung nimmt diesen Startwert</translation>
    </message>
    <message>
        <source>Open: every restoration takes another seed</source>
        <translation>Offen: Jede Restaurierung nimmt einen anderen Startwert</translation>
    </message>
</context>
<context>
    <name>SessionCommands</name>
    <message>
        <source>Your work is not kept against a crash: {0}</source>
        <translation>Ihre Arbeit ist nicht gegen einen Absturz gesichert: {0}</translation>
    </message>
    <message>
        <source>Save results as they come.</source>
        <translation>Speichern Sie Ergebnisse, sobald sie da sind.</translation>
    </message>
    <message>
        <source>A photo of the last session could not be brought back: {0}</source>
        <translation>Ein Foto der letzten Sitzung ließ sich nicht zurückholen: {0}</translation>
    </message>
    <message>
        <source>Bring back the last session?</source>
        <translation>Die letzte Sitzung zurückholen?</translation>
    </message>
    <message>
        <source>The photos that are open now are closed.</source>
        <translation>Die jetzt offenen Fotos werden geschlossen.</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>Zurückholen</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>The fastest there is</source>
        <translation>Schnellstes Gerät</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>NVIDIA graphics card</source>
        <translation>NVIDIA-Grafikkarte</translation>
    </message>
    <message>
        <source>Say when a job ends and the window is not in front</source>
        <translation>Melden, wenn eine Arbeit endet und das Fenster nicht vorn ist</translation>
    </message>
    <message>
        <source>Keep photos, masks and results for the next start</source>
        <translation>Fotos, Masken und Ergebnisse für den nächsten Start aufheben</translation>
    </message>
    <message>
        <source>Stay offline: never fetch a model</source>
        <translation>Offline bleiben: nie ein Modell holen</translation>
    </message>
    <message>
        <source>as the system has it</source>
        <translation>wie im System eingestellt</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>The language changes when you start the program again.</source>
        <translation>Die Sprache wechselt, wenn Sie das Programm neu starten.</translation>
    </message>
    <message>
        <source>Beside the libraries</source>
        <translation>Neben den Sammlungen</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Compute with</source>
        <translation>Rechnen mit</translation>
    </message>
    <message>
        <source>Larger models in</source>
        <translation>Größere Modelle in</translation>
    </message>
    <message>
        <source>Choose the folder of larger models</source>
        <translation>Ordner der größeren Modelle wählen</translation>
    </message>
    <message>
        <source>Model server</source>
        <translation>Modellserver</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
    <message>
        <source>After a crash or a power cut, the next start brings all of it back.</source>
        <translation>Nach einem Absturz oder Stromausfall holt der nächste Start alles zurück.</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>All of these as they were at first</source>
        <translation>All dies, wie es am Anfang war</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>SheetList</name>
    <message>
        <source>Open photos</source>
        <translation>Fotos öffnen</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Restore with these values</source>
        <translation>Mit diesen Werten restaurieren</translation>
    </message>
    <message>
        <source>Puts this photo into the queue with the recipe that is set now</source>
        <translation>Stellt dieses Foto mit dem jetzt eingestellten Rezept in die Warteschlange</translation>
    </message>
    <message>
        <source>Take off the list</source>
        <translation>Von der Liste nehmen</translation>
    </message>
</context>
<context>
    <name>SheetModel</name>
    <message>
        <source>{0} × {1} pixels</source>
        <translation>{0} × {1} Pixel</translation>
    </message>
    <message>
        <source>waiting in the queue</source>
        <translation>wartet in der Warteschlange</translation>
    </message>
    <message>
        <source>being restored</source>
        <translation>wird restauriert</translation>
    </message>
    <message>
        <source>restored</source>
        <translation>restauriert</translation>
    </message>
    <message>
        <source>restoring failed</source>
        <translation>Restaurieren fehlgeschlagen</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Search for an action or a key</source>
        <translation>Nach Befehl oder Taste suchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>No shortcut is called that.</source>
        <translation>So heißt kein Tastenkürzel.</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Als Text kopieren</translation>
    </message>
    <message>
        <source>The whole sheet, to paste and print</source>
        <translation>Das ganze Blatt, zum Einfügen und Drucken</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>SourceRow</name>
    <message>
        <source>{0} · {1} photos</source>
        <translation>{0} · {1} Fotos</translation>
    </message>
    <message>
        <source>Weight of {0}</source>
        <translation>Gewicht von {0}</translation>
    </message>
    <message>
        <source>How much these photos count against those of the other libraries</source>
        <translation>Wie viel diese Fotos gegenüber denen der anderen Sammlungen zählen</translation>
    </message>
</context>
<context>
    <name>Sparkline</name>
    <message>
        <source>Curves of this restoration</source>
        <translation>Kurven dieser Restaurierung</translation>
    </message>
    <message>
        <source>Shows how the loss and the agreement with the photo went</source>
        <translation>Zeigt den Verlauf des Fehlers und der Übereinstimmung mit dem Foto</translation>
    </message>
</context>
<context>
    <name>StoreCommands</name>
    <message>
        <source>The preset {0} is kept under Library › Presets.</source>
        <translation>Die Vorgabe {0} liegt jetzt unter Sammlung › Vorgaben.</translation>
    </message>
    <message>
        <source>{0:+.2f} ± {1:.2f} dB on {2} photos, {3} of them better.</source>
        <translation>{0:+.2f} ± {1:.2f} dB bei {2} Fotos, davon {3} besser.</translation>
    </message>
    <message>
        <source>Replace {0}?</source>
        <translation>{0} ersetzen?</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>Gespeichert: {0}</translation>
    </message>
    <message>
        <source>Diagnostics are in {0}.</source>
        <translation>Die Diagnose ist in {0}.</translation>
    </message>
</context>
<context>
    <name>TaskValues</name>
    <message>
        <source>Its greys are kept as they are; only colour is added.</source>
        <translation>Die Grautöne bleiben, wie sie sind; nur Farbe kommt hinzu.</translation>
    </message>
</context>
<context>
    <name>ValueCommands</name>
    <message>
        <source>What should this recipe be called?</source>
        <translation>Wie soll dieses Rezept heißen?</translation>
    </message>
    <message>
        <source>Delete the recipe {0}?</source>
        <translation>Das Rezept {0} löschen?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>WeightCell</name>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>Open a photo</source>
        <translation>Foto öffnen</translation>
    </message>
    <message>
        <source>Ctrl+O</source>
        <translation>Strg+O</translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation>Beispiel ausprobieren</translation>
    </message>
    <message>
        <source>A damaged photo that came with the program</source>
        <translation>Ein beschädigtes Foto, das dem Programm beiliegt</translation>
    </message>
    <message>
        <source>Add your photo folder</source>
        <translation>Eigenen Fotoordner hinzufügen</translation>
    </message>
    <message>
        <source>Photos of yours that resemble a damaged one make its restoration truer</source>
        <translation>Eigene Fotos, die einem beschädigten ähneln, machen seine Restaurierung treuer</translation>
    </message>
    <message>
        <source>Bring back your last session ({0})</source>
        <translation>Letzte Sitzung zurückholen ({0})</translation>
    </message>
    <message>
        <source>Photos, masks, values and finished results</source>
        <translation>Fotos, Masken, Werte und fertige Ergebnisse</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Forgets that session; the photos themselves stay where they are</source>
        <translation>Vergisst diese Sitzung; die Fotos selbst bleiben, wo sie sind</translation>
    </message>
    <message>
        <source>Recent photos</source>
        <translation>Zuletzt geöffnete Fotos</translation>
    </message>
    <message>
        <source>Open {0}</source>
        <translation>{0} öffnen</translation>
    </message>
    <message>
        <source>Drop a photo here</source>
        <translation>Ziehen Sie ein Foto hierher</translation>
    </message>
    <message>
        <source>It stays on this computer, and the file itself is never changed.</source>
        <translation>Es bleibt auf diesem Computer, und die Datei selbst wird nie verändert.</translation>
    </message>
    <message>
        <source>Larger models can be added later under Models.</source>
        <translation>Größere Modelle können Sie später unter „Modelle“ hinzufügen.</translation>
    </message>
</context>
<context>
    <name>WordFields</name>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Avoid</source>
        <translation>Vermeiden</translation>
    </message>
    <message>
        <source>a red kite in the sky</source>
        <translation>a red kite in the sky</translation>
    </message>
    <message>
        <source>What the picture is to show there, best in English (prompt)</source>
        <translation>Was das Bild dort zeigen soll, am besten auf Englisch (Prompt)</translation>
    </message>
    <message>
        <source>What it is not to show (negative prompt)</source>
        <translation>Was es nicht zeigen soll (negativer Prompt)</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>Repairing needs a mask.</source>
        <translation>Zum Reparieren fehlt eine Maske.</translation>
    </message>
    <message>
        <source>Paint over what is damaged, or give a mask file.</source>
        <translation>Übermalen Sie, was beschädigt ist, oder laden Sie eine Maske.</translation>
    </message>
    <message>
        <source>Editing needs a mask.</source>
        <translation>Zum Bearbeiten braucht es eine Maske.</translation>
    </message>
    <message>
        <source>Paint over what is to change, or give a mask file.</source>
        <translation>Übermalen Sie, was sich ändern soll, oder geben Sie eine Maskendatei an.</translation>
    </message>
    <message>
        <source>Editing needs words.</source>
        <translation>Zum Bearbeiten braucht es Worte.</translation>
    </message>
    <message>
        <source>Say what the marked part should show.</source>
        <translation>Sagen Sie, was der markierte Teil zeigen soll.</translation>
    </message>
    <message>
        <source>Editing by words needs a Stable Diffusion inpainting model, and none is installed.</source>
        <translation>Zum Bearbeiten mit Worten braucht es ein Inpainting-Modell von Stable Diffusion, und keines ist installiert.</translation>
    </message>
    <message>
        <source>Stable Diffusion&apos;s inpainting fills holes, and does nothing else.</source>
        <translation>Das Inpainting von Stable Diffusion füllt Löcher und tut sonst nichts.</translation>
    </message>
    <message>
        <source>The mask is empty.</source>
        <translation>Die Maske ist leer.</translation>
    </message>
    <message>
        <source>Paint over what is damaged (white in a mask file).</source>
        <translation>Übermalen Sie, was beschädigt ist (weiß in einer Maskendatei).</translation>
    </message>
    <message>
        <source>The mask covers the whole photo.</source>
        <translation>Die Maske bedeckt das ganze Foto.</translation>
    </message>
    <message>
        <source>Leave some of the photo to start from.</source>
        <translation>Lassen Sie etwas vom Foto übrig, von dem ausgegangen werden kann.</translation>
    </message>
    <message>
        <source>Leave some of it to search with.</source>
        <translation>Lassen Sie etwas davon zum Suchen übrig.</translation>
    </message>
    <message>
        <source>No fault of the old photo is chosen.</source>
        <translation>Für den alten Abzug ist kein Schaden gewählt.</translation>
    </message>
    <message>
        <source>Mark scratches, or switch a fault on.</source>
        <translation>Markieren Sie Kratzer oder schalten Sie einen Schaden ein.</translation>
    </message>
    <message>
        <source>No preset is chosen.</source>
        <translation>Es ist keine Vorgabe gewählt.</translation>
    </message>
    <message>
        <source>Choose a preset file, or restore without adapting.</source>
        <translation>Wählen Sie eine Vorgabe oder restaurieren Sie ohne Anpassung.</translation>
    </message>
    <message>
        <source>Adapting needs similar photos, and no photo library is chosen.</source>
        <translation>Zum Anpassen werden ähnliche Fotos gebraucht, und keine Sammlung ist gewählt.</translation>
    </message>
    <message>
        <source>Add a folder of photos, or restore without adapting.</source>
        <translation>Fügen Sie einen Ordner mit Fotos hinzu oder restaurieren Sie ohne Anpassung.</translation>
    </message>
    <message>
        <source>All similar photos are switched off.</source>
        <translation>Alle ähnlichen Fotos sind ausgeschaltet.</translation>
    </message>
    <message>
        <source>Switch some on, or restore without adapting.</source>
        <translation>Schalten Sie einige ein oder restaurieren Sie ohne Anpassung.</translation>
    </message>
    <message>
        <source>There is no photo yet.</source>
        <translation>Es ist noch kein Foto da.</translation>
    </message>
    <message>
        <source>Open one, or drop it on the window.</source>
        <translation>Öffnen Sie eines oder ziehen Sie es auf das Fenster.</translation>
    </message>
    <message>
        <source>The computer ran out of memory.</source>
        <translation>Der Arbeitsspeicher reicht nicht aus.</translation>
    </message>
    <message>
        <source>Close other programs, choose a smaller photo, or use the processor (device cpu).</source>
        <translation>Schließen Sie andere Programme, wählen Sie ein kleineres Foto oder rechnen Sie mit dem Prozessor (Gerät cpu).</translation>
    </message>
    <message>
        <source>Stopped early: the comparison without adapting was left out.</source>
        <translation>Vorzeitig gestoppt: Der Vergleich ohne Anpassung entfällt.</translation>
    </message>
    <message>
        <source>These photos do not help this model: the picture is made as if without adapting.</source>
        <translation>Diese Fotos helfen dem Modell nicht: Das Bild entsteht wie ohne Anpassung.</translation>
    </message>
    <message>
        <source>Choose photos of the same place or occasion, or more of them.</source>
        <translation>Wählen Sie Fotos vom selben Ort oder Anlass, oder mehr davon.</translation>
    </message>
    <message>
        <source>None of these files can be used as a reference.</source>
        <translation>Keine dieser Dateien lässt sich als Vorbild verwenden.</translation>
    </message>
    <message>
        <source>Choose other photos.</source>
        <translation>Wählen Sie andere Fotos.</translation>
    </message>
    <message>
        <source>None of the similar photos can be read.</source>
        <translation>Keines der ähnlichen Fotos lässt sich lesen.</translation>
    </message>
    <message>
        <source>Update the library, or choose others.</source>
        <translation>Aktualisieren Sie die Sammlung oder wählen Sie andere.</translation>
    </message>
    <message>
        <source>The blur kernel is larger than the photo.</source>
        <translation>Der Unschärfekern ist größer als das Foto.</translation>
    </message>
    <message>
        <source>Use a smaller kernel.</source>
        <translation>Nehmen Sie einen kleineren Kern.</translation>
    </message>
    <message>
        <source>Use the prior it was made with, or adapt again.</source>
        <translation>Nehmen Sie das Modell, mit dem sie entstand, oder passen Sie neu an.</translation>
    </message>
    <message>
        <source>Adapting helps on photos like this one.</source>
        <translation>Bei Fotos wie diesem hilft das Anpassen.</translation>
    </message>
    <message>
        <source>Keep what was adapted for the rest of them.</source>
        <translation>Behalten Sie das Angepasste für die übrigen.</translation>
    </message>
    <message>
        <source>Adapting harms on photos like this one.</source>
        <translation>Bei Fotos wie diesem schadet das Anpassen.</translation>
    </message>
    <message>
        <source>Restore without adapting, or choose other photos.</source>
        <translation>Restaurieren Sie ohne Anpassen, oder wählen Sie andere Fotos.</translation>
    </message>
    <message>
        <source>Adapting makes no difference to be seen here.</source>
        <translation>Das Anpassen macht hier keinen sichtbaren Unterschied.</translation>
    </message>
    <message>
        <source>Restore without adapting: it is faster.</source>
        <translation>Restaurieren Sie ohne Anpassen: das geht schneller.</translation>
    </message>
    <message>
        <source>There are too few similar photos that the preset has not seen.</source>
        <translation>Es gibt zu wenige ähnliche Fotos, die das Preset nicht kennt.</translation>
    </message>
    <message>
        <source>Add more photos to the library, or adapt to fewer of them.</source>
        <translation>Nehmen Sie mehr Fotos in die Bibliothek auf, oder passen Sie an weniger an.</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>A minute or two on a processor.</source>
        <translation>Ein bis zwei Minuten auf einem Prozessor.</translation>
    </message>
    <message>
        <source>As in the paper</source>
        <translation>Wie im Artikel</translation>
    </message>
    <message>
        <source>ADIR&apos;s published numbers: 400 iterations on 20 photos, 1000 guided steps.</source>
        <translation>Die veröffentlichten Zahlen von ADIR: 400 Iterationen mit 20 Fotos, 1000 gelenkte Schritte.</translation>
    </message>
    <message>
        <source>Stable Diffusion x4</source>
        <translation>Stable Diffusion x4</translation>
    </message>
    <message>
        <source>Enlarges four times and invents detail that fits; words may say what the photo shows.</source>
        <translation>Vergrößert viermal und erfindet passende Einzelheiten; Worte dürfen sagen, was das Foto zeigt.</translation>
    </message>
    <message>
        <source>Stable Diffusion inpainting</source>
        <translation>Stable Diffusion Inpainting</translation>
    </message>
    <message>
        <source>Fills holes with what fits the rest of the photo, or with what words say.</source>
        <translation>Füllt Löcher mit dem, was zum Rest des Fotos passt oder was Worte sagen.</translation>
    </message>
    <message>
        <source>Noise level</source>
        <translation>Rauschpegel</translation>
    </message>
    <message>
        <source>of the noise added to the small photo: more lets the model invent more</source>
        <translation>des Rauschens, das zum kleinen Foto kommt: mehr lässt das Modell mehr erfinden</translation>
    </message>
    <message>
        <source>Keep colours</source>
        <translation>Farben behalten</translation>
    </message>
    <message>
        <source>takes the coarse colours from the small photo</source>
        <translation>nimmt die groben Farben vom kleinen Foto</translation>
    </message>
    <message>
        <source>moves a filling to the mean colours of the photo around it</source>
        <translation>rückt eine Füllung zu den mittleren Farben des Fotos ringsum</translation>
    </message>
    <message>
        <source>below 1 what is there, or the plain filling, shines through</source>
        <translation>unter 1 scheint durch, was da ist, oder die einfache Füllung</translation>
    </message>
    <message>
        <source>473 million parameters: enlarges four times and invents fine detail; wants a graphics card.</source>
        <translation>473 Millionen Parameter: vergrößert viermal und erfindet feine Einzelheiten; will eine Grafikkarte.</translation>
    </message>
    <message>
        <source>860 million parameters: fills holes, and makes in them what words say; wants a graphics card.</source>
        <translation>860 Millionen Parameter: füllt Löcher und macht darin, was Worte sagen; will eine Grafikkarte.</translation>
    </message>
    <message>
        <source>Stable Diffusion 2 inpainting</source>
        <translation>Stable Diffusion 2 Inpainting</translation>
    </message>
    <message>
        <source>866 million parameters: as the first, trained on other photos.</source>
        <translation>866 Millionen Parameter: wie das erste, mit anderen Fotos trainiert.</translation>
    </message>
    <message>
        <source>Stable Diffusion XL inpainting</source>
        <translation>Stable Diffusion XL Inpainting</translation>
    </message>
    <message>
        <source>2600 million parameters, squares of 1024 pixels; wants a graphics card with 12 GB.</source>
        <translation>2600 Millionen Parameter, Quadrate von 1024 Pixeln; will eine Grafikkarte mit 12 GB.</translation>
    </message>
    <message>
        <source>DiffPIR</source>
        <translation>DiffPIR</translation>
    </message>
    <message>
        <source>Few steps; agrees with the photo in closed form at each. The everyday choice.</source>
        <translation>Wenige Schritte; stimmt bei jedem in geschlossener Form mit dem Foto überein. Die alltägliche Wahl.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>The noise step to begin at; 999 is pure noise</source>
        <translation>Die Rauschstufe, bei der begonnen wird; 999 ist reines Rauschen</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>Startmodell</translation>
    </message>
    <message>
        <source>3.6 million parameters, built in: edges, tones and fine noise; it does not invent objects.</source>
        <translation>3,6 Millionen Parameter, eingebaut: Kanten, Töne und feines Rauschen; Gegenstände erfindet es nicht.</translation>
    </message>
    <message>
        <source>ImageNet model</source>
        <translation>ImageNet-Modell</translation>
    </message>
    <message>
        <source>553 million parameters, trained on a million photos of a thousand kinds of things; wants a graphics card.</source>
        <translation>553 Millionen Parameter, an einer Million Fotos von tausend Arten von Dingen trainiert; verlangt eine Grafikkarte.</translation>
    </message>
    <message>
        <source>ADIR guidance</source>
        <translation>ADIR-Lenkung</translation>
    </message>
    <message>
        <source>Algorithm 1 of the ADIR paper: many small guided steps.</source>
        <translation>Algorithmus 1 des ADIR-Artikels: viele kleine gelenkte Schritte.</translation>
    </message>
    <message>
        <source>Dirac</source>
        <translation>Dirac</translation>
    </message>
    <message>
        <source>Undoes a blur or fills holes little by little, with networks of its own; you choose between exact and sharp.</source>
        <translation>Nimmt Unschärfe nach und nach zurück oder füllt Löcher, mit eigenen Netzen; Sie wählen zwischen genau und scharf.</translation>
    </message>
    <message>
        <source>Stop at</source>
        <translation>Ende bei</translation>
    </message>
    <message>
        <source>1 is one pass with the least error, 0 the whole way to the sharpest</source>
        <translation>1 ist ein Durchgang mit dem kleinsten Fehler, 0 der ganze Weg bis zum schärfsten Bild</translation>
    </message>
    <message>
        <source>sharp</source>
        <translation>scharf</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>genau</translation>
    </message>
    <message>
        <source>Increment</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>How the next, less degraded state is foretold</source>
        <translation>Wie der nächste, weniger beschädigte Zustand vorhergesagt wird</translation>
    </message>
    <message>
        <source>Guidance by</source>
        <translation>Führung nach</translation>
    </message>
    <message>
        <source>What the guidance is measured in: the photo&apos;s noise or the misfit</source>
        <translation>Woran die Führung gemessen wird: am Rauschen des Fotos oder an der Abweichung</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>The clean estimate, or the last state with its rest of noise</source>
        <translation>Die saubere Schätzung, oder der letzte Zustand mit seinem Rest an Rauschen</translation>
    </message>
    <message>
        <source>DDRM</source>
        <translation>DDRM</translation>
    </message>
    <message>
        <source>Few steps in the operator&apos;s own frequencies: each follows the photo as soon as the photo is clearer.</source>
        <translation>Wenige Schritte in den eigenen Frequenzen des Operators: jede folgt dem Foto, sobald dieses klarer ist.</translation>
    </message>
    <message>
        <source>Fresh noise</source>
        <translation>Frisches Rauschen</translation>
    </message>
    <message>
        <source>How much of the noise is drawn anew at each step</source>
        <translation>Wie viel des Rauschens bei jedem Schritt neu gezogen wird</translation>
    </message>
    <message>
        <source>Weight of the data</source>
        <translation>Gewicht der Daten</translation>
    </message>
    <message>
        <source>How far what the photo shows clearly is taken from it</source>
        <translation>Wie weit übernommen wird, was das Foto deutlich zeigt</translation>
    </message>
    <message>
        <source>Last step as published</source>
        <translation>Letzter Schritt wie veröffentlicht</translation>
    </message>
    <message>
        <source>Without noise, the authors&apos; program ends with the model&apos;s estimate instead of the photo&apos;s own values</source>
        <translation>Ohne Rauschen endet das Programm der Autoren mit der Schätzung des Modells statt mit den Werten des Fotos</translation>
    </message>
    <message>
        <source>DDNM</source>
        <translation>DDNM</translation>
    </message>
    <message>
        <source>What the photo shows is kept, what it does not show is drawn: best for photos without noise.</source>
        <translation>Was das Foto zeigt, bleibt; was es nicht zeigt, wird gezogen: am besten für Fotos ohne Rauschen.</translation>
    </message>
    <message>
        <source>Time travel</source>
        <translation>Zeitreise</translation>
    </message>
    <message>
        <source>How many noise levels it climbs back at a time</source>
        <translation>Wie viele Rauschstufen auf einmal zurückgegangen wird</translation>
    </message>
    <message>
        <source>Repeats</source>
        <translation>Wiederholungen</translation>
    </message>
    <message>
        <source>How often each stretch is drawn again; 1 is once</source>
        <translation>Wie oft jede Strecke neu gezogen wird; 1 ist einmal</translation>
    </message>
    <message>
        <source>DDPG</source>
        <translation>DDPG</translation>
    </message>
    <message>
        <source>Inverts the fault boldly at first and gently at the end: made for noisy blur and enlarging.</source>
        <translation>Kehrt den Fehler erst kühn und am Ende sanft um: für verrauschte Unschärfe und Vergrößerungen gemacht.</translation>
    </message>
    <message>
        <source>Traversing</source>
        <translation>Übergang</translation>
    </message>
    <message>
        <source>How long the fault is inverted; large is to the end</source>
        <translation>Wie lange der Fehler umgekehrt wird; groß heißt bis zum Ende</translation>
    </message>
    <message>
        <source>Fresh noise, clean photo</source>
        <translation>Frisches Rauschen, sauberes Foto</translation>
    </message>
    <message>
        <source>The same for photos without noise</source>
        <translation>Dasselbe für Fotos ohne Rauschen</translation>
    </message>
    <message>
        <source>Caution</source>
        <translation>Vorsicht</translation>
    </message>
    <message>
        <source>Keeps the inversion from amplifying noise</source>
        <translation>Hält die Umkehrung davon ab, Rauschen zu verstärken</translation>
    </message>
    <message>
        <source>Step size</source>
        <translation>Schrittweite</translation>
    </message>
    <message>
        <source>Falling with the noise, or one throughout</source>
        <translation>Mit dem Rauschen fallend, oder durchweg gleich</translation>
    </message>
    <message>
        <source>Gentle step</source>
        <translation>Sanfter Schritt</translation>
    </message>
    <message>
        <source>Weight of the gentle correction at the end</source>
        <translation>Gewicht der sanften Korrektur am Ende</translation>
    </message>
    <message>
        <source>Plug-and-play ADMM</source>
        <translation>Plug-and-play ADMM</translation>
    </message>
    <message>
        <source>Agree with the photo, denoise, repeat: no chance in it, smooth and faithful.</source>
        <translation>Mit dem Foto abgleichen, entrauschen, wiederholen: ohne Zufall, glatt und treu.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>anneal: the denoiser grows gentler; admm: it stays</source>
        <translation>anneal: der Entrauscher wird sanfter; admm: er bleibt</translation>
    </message>
    <message>
        <source>Denoiser</source>
        <translation>Entrauscher</translation>
    </message>
    <message>
        <source>The noise it takes away, at first or throughout, of 255</source>
        <translation>Das Rauschen, das er wegnimmt, anfangs oder durchweg, von 255</translation>
    </message>
    <message>
        <source>Damping</source>
        <translation>Dämpfung</translation>
    </message>
    <message>
        <source>Slows admm down where it does not settle</source>
        <translation>Bremst admm, wo es nicht zur Ruhe kommt</translation>
    </message>
    <message>
        <source>Denoise once</source>
        <translation>Einmal entrauschen</translation>
    </message>
    <message>
        <source>One pass of the network: noise only, at once; smoother and nearer to the truth than a sample.</source>
        <translation>Ein Durchgang des Netzes: nur Rauschen, sofort; glatter und näher an der Wahrheit als eine Stichprobe.</translation>
    </message>
    <message>
        <source>Total variation</source>
        <translation>Totale Variation</translation>
    </message>
    <message>
        <source>No network: edges kept, what lies between them smoothed flat. Repeatable to the last digit.</source>
        <translation>Kein Netz: Kanten bleiben, was dazwischen liegt, wird geglättet. Bis auf die letzte Stelle wiederholbar.</translation>
    </message>
    <message>
        <source>How a step in brightness is measured: round, along the axes, or over all colours at once</source>
        <translation>Wie ein Helligkeitssprung gemessen wird: rund, entlang der Achsen, oder über alle Farben zugleich</translation>
    </message>
    <message>
        <source>Penalty</source>
        <translation>Strafe</translation>
    </message>
    <message>
        <source>Decides how fast it settles, not what comes out</source>
        <translation>Bestimmt, wie schnell es zur Ruhe kommt, nicht was herauskommt</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>Toleranz</translation>
    </message>
    <message>
        <source>It ends when a step changes less than this</source>
        <translation>Ende, wenn ein Schritt weniger als das ändert</translation>
    </message>
    <message>
        <source>DeepRED</source>
        <translation>DeepRED</translation>
    </message>
    <message>
        <source>An untrained network learns this one photo, and a classical denoiser holds it back. Slow.</source>
        <translation>Ein untrainiertes Netz lernt dieses eine Foto, und ein klassischer Entrauscher hält es zurück. Langsam.</translation>
    </message>
    <message>
        <source>How closely the network and the denoised picture are tied</source>
        <translation>Wie eng das Netz und das entrauschte Bild verbunden sind</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>The learning rate</source>
        <translation>Die Lernrate</translation>
    </message>
    <message>
        <source>The noise it takes away, of 255</source>
        <translation>Das Rauschen, das er wegnimmt, von 255</translation>
    </message>
    <message>
        <source>Jitter</source>
        <translation>Zittern</translation>
    </message>
    <message>
        <source>Noise on the network&apos;s input, which keeps it from learning by heart</source>
        <translation>Rauschen am Eingang des Netzes, damit es nicht auswendig lernt</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>The share of the running mean that is kept; 0 for no mean</source>
        <translation>Der Anteil des laufenden Mittels, der bleibt; 0 für kein Mittel</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Channels of the network</source>
        <translation>Kanäle des Netzes</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Tiefe</translation>
    </message>
    <message>
        <source>How often the network halves the picture</source>
        <translation>Wie oft das Netz das Bild halbiert</translation>
    </message>
    <message>
        <source>Bicubic / no model</source>
        <translation>Bikubisch / ohne Modell</translation>
    </message>
    <message>
        <source>What comes without any model: plain enlargement, holes filled smoothly. To compare with.</source>
        <translation>Was ohne Modell herauskommt: schlichte Vergrößerung, glatt gefüllte Löcher. Zum Vergleichen.</translation>
    </message>
    <message>
        <source>One pass takes away noise, and no other fault.</source>
        <translation>Ein Durchgang nimmt Rauschen weg und keinen anderen Fehler.</translation>
    </message>
    <message>
        <source>There is no noise to take away.</source>
        <translation>Es gibt kein Rauschen wegzunehmen.</translation>
    </message>
    <message>
        <source>Your own network: one pass, no diffusion.</source>
        <translation>Ihr eigenes Netz: ein Durchgang, keine Diffusion.</translation>
    </message>
    <message>
        <source>This network only fills holes.</source>
        <translation>Dieses Netz füllt nur Löcher.</translation>
    </message>
    <message>
        <source>This network does not enlarge.</source>
        <translation>Dieses Netz vergrößert nicht.</translation>
    </message>
    <message>
        <source>This network does not undo all of these faults.</source>
        <translation>Dieses Netz behebt nicht alle diese Fehler.</translation>
    </message>
    <message>
        <source>Distance to the photo</source>
        <translation>Abstand zum Foto</translation>
    </message>
    <message>
        <source>Where it is measured: as in the paper, at the noise level of the step&apos;s end, or at the clean picture; auto takes the paper&apos;s from 500 steps on and the clean picture below</source>
        <translation>Wo er gemessen wird: wie im Artikel, bei der Rauschstufe am Ende des Schritts, oder am sauberen Bild; auto nimmt ab 500 Schritten den des Artikels und darunter das saubere Bild</translation>
    </message>
    <message>
        <source>Unit gain</source>
        <translation>Verstärkung eins</translation>
    </message>
    <message>
        <source>Scales the gradient so that s means the same for every damage. The paper&apos;s s is 10; its first version has 20 for enlarging 8 times</source>
        <translation>Skaliert den Gradienten so, dass s bei jedem Schaden dasselbe bedeutet. Das s des Artikels ist 10; seine erste Fassung hat 20 beim 8-fachen Vergrößern</translation>
    </message>
    <message>
        <source>Bounded steps</source>
        <translation>Begrenzte Schritte</translation>
    </message>
    <message>
        <source>Keeps a step from overshooting and from trusting noisy photos too much; off is Algorithm 1 to the letter, which needs about 1000 steps</source>
        <translation>Hält einen Schritt davon ab, übers Ziel zu schießen oder verrauschten Fotos zu sehr zu trauen; off ist Algorithmus 1 wörtlich, der etwa 1000 Schritte braucht</translation>
    </message>
    <message>
        <source>Noise at the end</source>
        <translation>Rauschen am Ende</translation>
    </message>
    <message>
        <source>The last step draws noise too, as Algorithm 1 is printed; usually its mean is taken</source>
        <translation>Auch der letzte Schritt zieht Rauschen, wie Algorithmus 1 gedruckt ist; meist wird sein Mittel genommen</translation>
    </message>
    <message>
        <source>DPS</source>
        <translation>DPS</translation>
    </message>
    <message>
        <source>Looks back through the network at every step: slow, needs memory, sharp.</source>
        <translation>Blickt bei jedem Schritt durch das Netz zurück: langsam, braucht Speicher, scharf.</translation>
    </message>
    <message>
        <source>ScoreALD</source>
        <translation>ScoreALD</translation>
    </message>
    <message>
        <source>Langevin dynamics: the most exact with many steps, and a fair picture of what the photo leaves open.</source>
        <translation>Langevin-Dynamik: mit vielen Schritten die genaueste, und ein ehrliches Bild dessen, was das Foto offen lässt.</translation>
    </message>
    <message>
        <source>Steps a level</source>
        <translation>Schritte je Stufe</translation>
    </message>
    <message>
        <source>How many Langevin steps each noise level has</source>
        <translation>Wie viele Langevin-Schritte jede Rauschstufe hat</translation>
    </message>
    <message>
        <source>First noise</source>
        <translation>Erstes Rauschen</translation>
    </message>
    <message>
        <source>The noise level to begin at, 2 is the whole range of tones</source>
        <translation>Die Rauschstufe zu Beginn, 2 ist der ganze Tonumfang</translation>
    </message>
    <message>
        <source>Last noise</source>
        <translation>Letztes Rauschen</translation>
    </message>
    <message>
        <source>The noise level to end at; what is left is taken off</source>
        <translation>Die Rauschstufe am Ende; der Rest wird abgezogen</translation>
    </message>
    <message>
        <source>Of a Langevin step, as a share of the noise</source>
        <translation>Eines Langevin-Schritts, als Anteil des Rauschens</translation>
    </message>
    <message>
        <source>Kind of step</source>
        <translation>Art des Schritts</translation>
    </message>
    <message>
        <source>langevin follows the paper; ddpm takes one step of reverse diffusion at each level</source>
        <translation>langevin folgt dem Artikel; ddpm macht auf jeder Stufe einen Schritt der Rückdiffusion</translation>
    </message>
    <message>
        <source>SDEdit</source>
        <translation>SDEdit</translation>
    </message>
    <message>
        <source>Puts noise on a first guess and takes it off: a freer repair, which looks at the photo only once.</source>
        <translation>Legt Rauschen auf eine erste Schätzung und nimmt es ab: eine freiere Reparatur, die das Foto nur einmal ansieht.</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>Get one in the models window, or with: adir models fetch stable-diffusion-inpainting</source>
        <translation>Holen Sie eines im Fenster der Modelle oder mit: adir models fetch stable-diffusion-inpainting</translation>
    </message>
    <message>
        <source>How much is made anew: 0 leaves the first guess, 1 forgets it</source>
        <translation>Wie viel neu entsteht: 0 belässt die erste Schätzung, 1 vergisst sie</translation>
    </message>
    <message>
        <source>Keep what is seen</source>
        <translation>Gesehenes behalten</translation>
    </message>
    <message>
        <source>Where the photo only has holes, its other pixels stay as they are</source>
        <translation>Hat das Foto nur Löcher, bleiben seine anderen Pixel, wie sie sind</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>Durchgänge</translation>
    </message>
    <message>
        <source>How often noise is put on and taken off again</source>
        <translation>Wie oft Rauschen aufgelegt und wieder abgenommen wird</translation>
    </message>
    <message>
        <source>RePaint</source>
        <translation>RePaint</translation>
    </message>
    <message>
        <source>Fills holes only: the photo is pasted around them, and they are drawn again until both agree.</source>
        <translation>Füllt nur Löcher: das Foto wird um sie herum eingesetzt, und sie werden neu gezogen, bis beides passt.</translation>
    </message>
    <message>
        <source>Jump</source>
        <translation>Sprung</translation>
    </message>
    <message>
        <source>How many noise levels it climbs at a time</source>
        <translation>Wie viele Rauschstufen auf einmal gestiegen wird</translation>
    </message>
    <message>
        <source>Resampling</source>
        <translation>Neuziehen</translation>
    </message>
    <message>
        <source>How often each stretch is drawn again</source>
        <translation>Wie oft jede Strecke neu gezogen wird</translation>
    </message>
    <message>
        <source>RePaint only fills holes: whatever lies outside them must be as it should be.</source>
        <translation>RePaint füllt nur Löcher: was außerhalb liegt, muss sein, wie es sein soll.</translation>
    </message>
    <message>
        <source>Choose another method, such as DiffPIR.</source>
        <translation>Wählen Sie ein anderes Verfahren, etwa DiffPIR.</translation>
    </message>
    <message>
        <source>With these numbers the method loses its hold.</source>
        <translation>Mit diesen Zahlen verliert das Verfahren den Halt.</translation>
    </message>
    <message>
        <source>Choose a smaller guidance, or more steps.</source>
        <translation>Wählen Sie eine kleinere Führung oder mehr Schritte.</translation>
    </message>
    <message>
        <source>On</source>
        <translation>An</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>At the step&apos;s end</source>
        <translation>Am Ende des Schritts</translation>
    </message>
    <message>
        <source>Gentler and gentler</source>
        <translation>Immer sanfter</translation>
    </message>
    <message>
        <source>Clean estimate</source>
        <translation>Saubere Schätzung</translation>
    </message>
    <message>
        <source>Last state</source>
        <translation>Letzter Zustand</translation>
    </message>
    <message>
        <source>Look ahead</source>
        <translation>Vorausschauen</translation>
    </message>
    <message>
        <source>Look a little ahead</source>
        <translation>Etwas vorausschauen</translation>
    </message>
    <message>
        <source>Look back</source>
        <translation>Zurückschauen</translation>
    </message>
    <message>
        <source>Look a little back</source>
        <translation>Etwas zurückschauen</translation>
    </message>
    <message>
        <source>Not at all</source>
        <translation>Gar nicht</translation>
    </message>
    <message>
        <source>The photo&apos;s noise</source>
        <translation>Rauschen des Fotos</translation>
    </message>
    <message>
        <source>The misfit</source>
        <translation>Abweichung</translation>
    </message>
    <message>
        <source>Falling with the noise</source>
        <translation>Mit dem Rauschen fallend</translation>
    </message>
    <message>
        <source>One throughout</source>
        <translation>Durchweg gleich</translation>
    </message>
    <message>
        <source>ADMM</source>
        <translation>ADMM</translation>
    </message>
    <message>
        <source>Langevin</source>
        <translation>Langevin</translation>
    </message>
    <message>
        <source>DDPM</source>
        <translation>DDPM</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>Rund</translation>
    </message>
    <message>
        <source>Along the axes</source>
        <translation>Entlang der Achsen</translation>
    </message>
    <message>
        <source>Over all colours</source>
        <translation>Über alle Farben</translation>
    </message>
</context>
<context>
    <name>gallery</name>
    <message>
        <source>similarity {0}</source>
        <translation>Ähnlichkeit {0}</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>aus {0}</translation>
    </message>
    <message>
        <source>used for adapting</source>
        <translation>zum Anpassen verwendet</translation>
    </message>
    <message>
        <source>switched off</source>
        <translation>ausgeschaltet</translation>
    </message>
    <message>
        <source>your own photo</source>
        <translation>Ihr eigenes Foto</translation>
    </message>
    <message>
        <source>your own photos</source>
        <translation>Ihren eigenen Fotos</translation>
    </message>
</context>
<context>
    <name>libraries</name>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>gestern</translation>
    </message>
    <message>
        <source>{0} days ago</source>
        <translation>vor {0} Tagen</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message>
        <source>{0} minutes ago</source>
        <translation>vor {0} Minuten</translation>
    </message>
    <message>
        <source>an hour ago</source>
        <translation>vor einer Stunde</translation>
    </message>
    <message>
        <source>{0} hours ago</source>
        <translation>vor {0} Stunden</translation>
    </message>
</context>
<context>
    <name>wiring</name>
    <message>
        <source>ADIR Desktop did not close as it should; your work is kept.</source>
        <translation>ADIR Desktop wurde nicht ordentlich beendet; Ihre Arbeit ist erhalten.</translation>
    </message>
    <message>
        <source>Photos, masks and finished results: {0}.</source>
        <translation>Fotos, Masken und fertige Ergebnisse: {0}.</translation>
    </message>
    <message>
        <source>Bring it back</source>
        <translation>Zurückholen</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>Enlarge</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Makes a small photo larger, with detail that fits it.</source>
        <translation>Macht ein kleines Foto größer, mit Einzelheiten, die dazu passen.</translation>
    </message>
    <message>
        <source>Super-resolution</source>
        <translation>Superauflösung</translation>
    </message>
    <message>
        <source>Sharpen</source>
        <translation>Schärfen</translation>
    </message>
    <message>
        <source>Undoes the blur of a lens or of movement.</source>
        <translation>Nimmt die Unschärfe von Objektiv oder Bewegung zurück.</translation>
    </message>
    <message>
        <source>Deblurring</source>
        <translation>Entfaltung</translation>
    </message>
    <message>
        <source>Clean</source>
        <translation>Entrauschen</translation>
    </message>
    <message>
        <source>Takes grain and noise away.</source>
        <translation>Nimmt Korn und Rauschen weg.</translation>
    </message>
    <message>
        <source>Denoising</source>
        <translation>Rauschunterdrückung</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>Reparieren</translation>
    </message>
    <message>
        <source>Fills in what you paint over.</source>
        <translation>Füllt aus, was Sie übermalen.</translation>
    </message>
    <message>
        <source>Inpainting</source>
        <translation>Inpainting</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Kolorieren</translation>
    </message>
    <message>
        <source>Gives a grey photo its colours.</source>
        <translation>Gibt einem grauen Foto seine Farben.</translation>
    </message>
    <message>
        <source>Colourisation</source>
        <translation>Kolorierung</translation>
    </message>
    <message>
        <source>Old print</source>
        <translation>Alter Abzug</translation>
    </message>
    <message>
        <source>Scratches, fading, blur and noise, all at once.</source>
        <translation>Kratzer, Verblassung, Unschärfe und Rauschen, alles auf einmal.</translation>
    </message>
    <message>
        <source>Several degradations in one operator</source>
        <translation>Mehrere Schäden in einem Operator</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Makes of what you paint over what your words say.</source>
        <translation>Macht aus dem, was Sie übermalen, was Ihre Worte sagen.</translation>
    </message>
    <message>
        <source>Text-guided inpainting</source>
        <translation>Textgeführtes Inpainting</translation>
    </message>
    <message>
        <source>Loading the engine</source>
        <translation>Programmkern laden</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Modell laden</translation>
    </message>
    <message>
        <source>Looking through the library</source>
        <translation>Sammlung durchsehen</translation>
    </message>
    <message>
        <source>Finding similar photos</source>
        <translation>Ähnliche Fotos suchen</translation>
    </message>
    <message>
        <source>Looking at your photos</source>
        <translation>Ihre Fotos ansehen</translation>
    </message>
    <message>
        <source>Looking at the photo</source>
        <translation>Foto ansehen</translation>
    </message>
    <message>
        <source>Preparing the similar photos</source>
        <translation>Ähnliche Fotos vorbereiten</translation>
    </message>
    <message>
        <source>Adapting</source>
        <translation>Anpassen</translation>
    </message>
    <message>
        <source>Restoring</source>
        <translation>Restaurieren</translation>
    </message>
    <message>
        <source>Restoring without adapting</source>
        <translation>Restaurieren ohne Anpassen</translation>
    </message>
    <message>
        <source>Trying it on other photos</source>
        <translation>Erprobung an anderen Fotos</translation>
    </message>
    <message>
        <source>Estimating the time</source>
        <translation>Zeit schätzen</translation>
    </message>
    <message>
        <source>Measuring the noise</source>
        <translation>Rauschen messen</translation>
    </message>
    <message>
        <source>Looking for scratches</source>
        <translation>Kratzer suchen</translation>
    </message>
    <message>
        <source>Selecting similar colours</source>
        <translation>Ähnliche Farben auswählen</translation>
    </message>
    <message>
        <source>Measuring the fading</source>
        <translation>Verblassung messen</translation>
    </message>
    <message>
        <source>Checking files</source>
        <translation>Dateien prüfen</translation>
    </message>
    <message>
        <source>Removing</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Asking the server</source>
        <translation>Frage den Server</translation>
    </message>
    <message>
        <source>Fetching</source>
        <translation>Hole</translation>
    </message>
    <message>
        <source>Converting</source>
        <translation>Wandle um</translation>
    </message>
    <message>
        <source>Taking in files</source>
        <translation>Nehme Dateien auf</translation>
    </message>
    <message>
        <source>Moving the models</source>
        <translation>Ziehe mit den Modellen um</translation>
    </message>
    <message>
        <source>Keeping the result</source>
        <translation>Ergebnis sichern</translation>
    </message>
    <message>
        <source>Fetching the result</source>
        <translation>Ergebnis holen</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Looking at the program</source>
        <translation>Programm durchsehen</translation>
    </message>
    <message>
        <source>a few seconds</source>
        <translation>wenige Sekunden</translation>
    </message>
    <message>
        <source>about {0} s</source>
        <translation>etwa {0} s</translation>
    </message>
    <message>
        <source>about {0} min</source>
        <translation>etwa {0} min</translation>
    </message>
    <message>
        <source>about {0} h</source>
        <translation>etwa {0} h</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>{0}/s</source>
        <translation>{0}/s</translation>
    </message>
    <message>
        <source>average of {0}</source>
        <translation>Mittel aus {0}</translation>
    </message>
    <message>
        <source>{0} samples</source>
        <translation>{0} Stichproben</translation>
    </message>
    <message>
        <source>even blur of {0} pixels</source>
        <translation>gleichmäßige Unschärfe von {0} Pixeln</translation>
    </message>
    <message>
        <source>soft blur of {0} pixels</source>
        <translation>weiche Unschärfe von {0} Pixeln</translation>
    </message>
    <message>
        <source>movement of {0} pixels at {1}°</source>
        <translation>Bewegung um {0} Pixel bei {1}°</translation>
    </message>
    <message>
        <source>camera shake within {0} pixels</source>
        <translation>Verwacklung innerhalb von {0} Pixeln</translation>
    </message>
    <message>
        <source>blur as in {0}</source>
        <translation>Unschärfe wie in {0}</translation>
    </message>
    <message>
        <source>contrast {0}</source>
        <translation>Kontrast {0}</translation>
    </message>
    <message>
        <source>greyish blacks</source>
        <translation>gräuliches Schwarz</translation>
    </message>
    <message>
        <source>red cast</source>
        <translation>Rotstich</translation>
    </message>
    <message>
        <source>green cast</source>
        <translation>Grünstich</translation>
    </message>
    <message>
        <source>blue cast</source>
        <translation>Blaustich</translation>
    </message>
    <message>
        <source>cyan cast</source>
        <translation>Cyanstich</translation>
    </message>
    <message>
        <source>magenta cast</source>
        <translation>Magentastich</translation>
    </message>
    <message>
        <source>yellow cast</source>
        <translation>Gelbstich</translation>
    </message>
    <message>
        <source>fading</source>
        <translation>Verblassung</translation>
    </message>
    <message>
        <source>noise {0}</source>
        <translation>Rauschen {0}</translation>
    </message>
    <message>
        <source>colour</source>
        <translation>neue Farben</translation>
    </message>
    <message>
        <source>with the presets {0}</source>
        <translation>mit den Presets {0}</translation>
    </message>
    <message>
        <source>with the preset {0}</source>
        <translation>mit der Vorgabe {0}</translation>
    </message>
    <message>
        <source>adapted to similar photos</source>
        <translation>an ähnliche Fotos angepasst</translation>
    </message>
    <message>
        <source>adapted to the photo itself</source>
        <translation>an das Foto selbst angepasst</translation>
    </message>
    <message>
        <source>quick</source>
        <translation>schnell</translation>
    </message>
    <message>
        <source>as in the paper</source>
        <translation>wie im Artikel</translation>
    </message>
    <message>
        <source>1 photo</source>
        <translation>1 Foto</translation>
    </message>
    <message>
        <source>{0} photos</source>
        <translation>{0} Fotos</translation>
    </message>
</context>
</TS>
