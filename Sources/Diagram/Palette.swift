/// The colours of the picture, for a light and a dark ground.
///
/// Derived from the Okabe-Ito palette: vermilion for what broke, orange for harm, blue for redundancy and witnesses,
/// reddish purple for what is unexplained. Text keeps a contrast of at least 4.5 on its ground in both. Each light
/// colour is used for one purpose only, so that a style sheet can turn one scheme into the other by the colour itself.
package enum Palette {
    package struct Tone: Hashable, Sendable {
        package let light: String
        package let dark: String

        init(_ light: String, _ dark: String) {
            self.light = light
            self.dark = dark
        }
    }

    /// The colours of one style of box.
    package struct BoxTones: Sendable {
        package let fill: Tone
        package let line: Tone
        package let caption: Tone
        package let name: Tone
        package let text: Tone
    }

    package static let paper = Tone("#ffffff", "#14171c")
    package static let title = Tone("#1b1f24", "#f2f4f7")
    package static let muted = Tone("#57606a", "#a5adb8")
    package static let room = Tone("#f6f7f9", "#1c2027")
    package static let roomLine = Tone("#d8dce2", "#363c47")
    package static let roomName = Tone("#454c55", "#c3c9d2")

    package static func tones(of style: Diagram.BoxStyle) -> BoxTones {
        switch style {
        case .root: root
        case .rival: rival
        case .down: down
        case .degraded: degraded
        case .expected: expected
        case .reduced: reduced
        case .unexplained: unexplained
        case .blindSpot: blindSpot
        case .witness: witness
        case .context: context
        }
    }

    package static func tone(of kind: CauseArrow.Kind) -> Tone {
        switch kind {
        case .carries: Tone("#b84303", "#ff8f57")
        case .harms: Tone("#c98a00", "#e8b942")
        case .possible: Tone("#8b929b", "#89919c")
        case .misreports: Tone("#57606b", "#a5adb9")
        case .observes: Tone("#2f7fb6", "#63bbed")
        case .blinds: Tone("#6b6c73", "#a2a5ae")
        case .needs: Tone("#c9ced5", "#4c5460")
        }
    }

    /// Every tone, each light colour once.
    package static var all: [Tone] {
        let boxes = Diagram.BoxStyle.allCases.map(tones(of:)).flatMap {
            [$0.fill, $0.line, $0.caption, $0.name, $0.text]
        }
        let arrows = CauseArrow.Kind.allCases.map(tone(of:))
        var seen: Set<Tone> = []
        return ([paper, title, muted, room, roomLine, roomName] + boxes + arrows).filter { seen.insert($0).inserted }
    }

    private static let root = BoxTones(
        fill: Tone("#b84300", "#ff8f56"),
        line: Tone("#8f3400", "#ffb48d"),
        caption: Tone("#ffe9dc", "#3b1600"),
        name: Tone("#fffffe", "#1f0c00"),
        text: Tone("#fff6f0", "#2b1000")
    )
    private static let rival = BoxTones(
        fill: Tone("#fffefd", "#181b21"),
        line: Tone("#b84301", "#ff8f55"),
        caption: Tone("#8a3a10", "#e5ab8c"),
        name: Tone("#a83c00", "#ffa678"),
        text: Tone("#7d360f", "#e3b297")
    )
    private static let down = BoxTones(
        fill: Tone("#fde7da", "#41220f"),
        line: Tone("#b84302", "#f0824a"),
        caption: Tone("#8f3a0a", "#ffbd97"),
        name: Tone("#24160e", "#fff1e8"),
        text: Tone("#71330f", "#ffd2b8")
    )
    private static let degraded = BoxTones(
        fill: Tone("#fff2cc", "#382c08"),
        line: Tone("#b98500", "#d9a92f"),
        caption: Tone("#6f5000", "#f0cd75"),
        name: Tone("#231d0b", "#fff8e3"),
        text: Tone("#604806", "#f3dca0")
    )
    private static let expected = BoxTones(
        fill: Tone("#fffefb", "#1a1c21"),
        line: Tone("#c8754a", "#a5623d"),
        caption: Tone("#8f3a0c", "#e0a583"),
        name: Tone("#4a3a30", "#e6d8cf"),
        text: Tone("#76492f", "#d3b29f")
    )
    private static let reduced = BoxTones(
        fill: Tone("#fdfeff", "#15202a"),
        line: Tone("#0072b2", "#63b6e8"),
        caption: Tone("#005a8c", "#8ccbf0"),
        name: Tone("#0b2536", "#eaf6fd"),
        text: Tone("#1c5474", "#b5dcf3")
    )
    private static let unexplained = BoxTones(
        fill: Tone("#fbe9f2", "#3a1a2b"),
        line: Tone("#a8447e", "#e594c1"),
        caption: Tone("#86305f", "#f0b3d3"),
        name: Tone("#2e0f20", "#fdeff6"),
        text: Tone("#73304f", "#f2c6dc")
    )
    private static let blindSpot = BoxTones(
        fill: Tone("#f4f4f6", "#23262c"),
        line: Tone("#6b6c72", "#a2a5ad"),
        caption: Tone("#55565c", "#b9bcc4"),
        name: Tone("#303136", "#eceef2"),
        text: Tone("#4e4f56", "#c6c9d0")
    )
    private static let witness = BoxTones(
        fill: Tone("#eaf4fb", "#112838"),
        line: Tone("#2f7fb5", "#5cb3e6"),
        caption: Tone("#1f5f8c", "#93cdf2"),
        name: Tone("#0d2a3d", "#e9f5fc"),
        text: Tone("#23587b", "#afd9f3")
    )
    private static let context = BoxTones(
        fill: Tone("#fefefc", "#191d23"),
        line: Tone("#bcc2ca", "#505864"),
        caption: Tone("#656d77", "#98a1ac"),
        name: Tone("#414851", "#cdd3db"),
        text: Tone("#5d656f", "#a9b1bb")
    )
}
