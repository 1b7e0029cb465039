extension Diagram {
    /// Which way a picture reads, from what broke to what that affects.
    package enum Direction: String, CaseIterable, Sendable {
        case right
        case down
    }

    /// To the right, but where that would be a strip too long for a screen or a chat, and downward is more compact.
    ///
    /// - Complexity: O(boxes + arrows).
    var readableDirection: Direction {
        let (flat, tall) = (size(reading: .right), size(reading: .down))
        let isStrip = flat.width > Self.screenWidth && flat.width > Self.widest * flat.height
        return isStrip && max(tall.width, tall.height) < 0.8 * flat.width ? .down : .right
    }

    /// What is narrower, in points, can be read whatever its shape.
    private static let screenWidth = 1_000.0
    /// How many times as wide as high a wide picture may be.
    private static let widest = 3.0
    /// What lies between layers and between boxes of a layer, what a room takes, and what head and foot take, in points.
    private static let (layerGap, boxGap, room, frame) = (46.0, 14.0, 48.0, 130.0)

    /// About how large the picture is, in points: layers follow one another, the boxes of one stand side by side.
    private func size(reading direction: Direction) -> (width: Double, height: Double) {
        let layers = layers
        var lengths = [Double](repeating: 0, count: (layers.max() ?? 0) + 1)
        var spans = lengths
        for (box, layer) in zip(boxes, layers) {
            let (width, height) = HTMLLabel.size(of: box)
            let (along, across) = direction == .right ? (width, height) : (height, width)
            lengths[layer] = max(lengths[layer], along)
            spans[layer] += across + Self.boxGap
        }
        let along = lengths.reduce(0, +) + Self.layerGap * Double(lengths.count - 1)
        let across = spans.max() ?? 0
        let rooms = Self.room * Double(rooms.count)
        return direction == .right ? (along, across + rooms + Self.frame) : (across + rooms, along + Self.frame)
    }
}
