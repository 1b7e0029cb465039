import Diagram

/// The picture's style sheet.
///
/// The colours of the light scheme are attributes, as Graphviz writes them, and every one has one purpose, so the dark
/// scheme is a table from colour to colour.
enum StyleSheet {
    static let text: String = {
        var dark = ""
        for tone in Palette.all {
            dark += ".blast-radius [fill=\"\(tone.light)\"]{fill:\(tone.dark)}"
            dark += ".blast-radius [stroke=\"\(tone.light)\"]{stroke:\(tone.dark)}\n"
        }
        return """

            :root.blast-radius{max-height:max(100vh,640px)}
            .blast-radius a{text-decoration:none}
            .blast-radius a:hover text,.blast-radius a:focus text{text-decoration:underline}
            .blast-radius .edge:hover path,.blast-radius .edge:hover polygon{stroke-width:3}
            @media screen and (prefers-color-scheme:dark){
            .blast-radius{color-scheme:dark;background:\(Palette.paper.dark)}
            \(dark)}
            @media print{.blast-radius{print-color-adjust:exact;-webkit-print-color-adjust:exact}}

            """
    }()
}
