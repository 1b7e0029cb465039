import Diagram

/// Graphviz's SVG made fit to be read, linked, restyled and put into a page.
///
/// Graphviz writes one element a line; the lines are taken one by one. The DOCTYPE and comments go; the picture gets a
/// title, a description in words and a style sheet with a dark scheme; boxes and arrows get their tooltips and links.
/// Nothing active is in it: no script, no event handler, no reference but http and https links.
struct SVGDocument {
    private(set) var text = ""

    private let boxes: [String: Diagram.Box]
    private let titles: [String: [String]]

    init(_ drawn: [UInt8], of diagram: Diagram) {
        boxes = Dictionary(diagram.boxes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var titles: [String: [String]] = [:]
        for box in diagram.boxes { titles[box.id] = box.tooltip }
        for arrow in diagram.arrows { titles[arrow.id] = [diagram.sentence(for: arrow)] }
        for room in diagram.rooms { titles[room.id] = [room.label.map { "\(room.name) \($0)" } ?? room.name] }
        self.titles = titles

        // Graphviz writes hyphens as references.
        let bytes = drawn.substituting("&#45;", with: "-").substituting("\"transparent\"", with: "\"none\"")
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self)[...] }
        text.reserveCapacity(drawn.count * 2)
        var index = 0
        while index < lines.count, !lines[index].hasPrefix("<svg") { index += 1 }
        var head = ""
        while index < lines.count {
            head += lines[index] + " "
            index += 1
            if head.contains(">") { break }
        }
        writeHead(Element(head), diagram)
        writeBody(lines[index...])
    }

    private mutating func writeHead(_ svg: Element, _ diagram: Diagram) {
        let box = (svg["viewBox"] ?? "0 0 100 100").split(separator: " ").compactMap { Double($0) }
        let (width, height) = box.count == 4 ? (box[2], box[3]) : (100, 100)
        let title = XMLText.escape(([diagram.heading].compactMap { $0 } + [diagram.title]).joined(separator: ": "))
        let description = XMLText.escape(diagram.description.joined(separator: "\n"))
        text += """
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" class="blast-radius" \
            role="img" aria-labelledby="diagram-title diagram-desc" width="\(pixels(width))" height="\(pixels(height))" \
            viewBox="0 0 \(svg.number(width)) \(svg.number(height))" style="max-width:100%;height:auto" \
            font-family="Helvetica,Arial,'Liberation Sans',sans-serif">
            <title id="diagram-title">\(title)</title>
            <desc id="diagram-desc">\(description)</desc>
            <style>\(StyleSheet.text)</style>

            """
    }

    /// Points to pixels.
    private func pixels(_ points: Double) -> Int { Int((points * 4 / 3).rounded(.up)) }

    private mutating func writeBody(_ lines: ArraySlice<Substring>) {
        var isInComment = false
        var id: String?
        var links: ArraySlice<Diagram.Link> = []
        var openLink = false
        var isInWord = false
        var isFirstTitle = true
        for line in lines {
            if isInComment || line.hasPrefix("<!--") {
                isInComment = !line.hasSuffix("-->")
                continue
            }
            if line.hasPrefix("<g id=\"a_") {
                // A cell with an address: a link within the box, whose own link must end before it.
                if openLink { text += "</a>\n" }
                openLink = false
                isInWord = true
                if let link = links.popFirst() {
                    let title = XMLText.escape("\(link.kind.rawValue): \(link.target.address)")
                    text += Self.opening(link) + "<title>\(title)</title>\n"
                }
            } else if isInWord, line == "</a>" {
                text += line + "\n"
            } else if isInWord, line == "</g>" {
                isInWord = false
            } else if line.hasPrefix("<g ") {
                id = Element(String(line))["id"]
                links = id.flatMap { boxes[$0] }?.links[...] ?? []
                text += line + "\n"
            } else if line.hasPrefix("<title>") {
                // The first is the graph's, which has its title already.
                if !isFirstTitle, let id, let lines = titles[id], !lines.isEmpty {
                    text += "<title>\(XMLText.escape(lines.joined(separator: "\n")))</title>\n"
                }
                isFirstTitle = false
                if let link = links.first {
                    text += Self.opening(link)
                    openLink = true
                }
            } else if line == "</g>" {
                if openLink { text += "</a>\n" }
                openLink = false
                id = nil
                text += "</g>\n"
            } else if line.hasPrefix("<text") {
                text += TextElement(line).text + "\n"
            } else {
                text += line + "\n"
            }
        }
    }

    private static func opening(_ link: Diagram.Link) -> String {
        let address = XMLText.escape(link.target.address)
        return "<a href=\"\(address)\" xlink:href=\"\(address)\" target=\"_blank\" rel=\"noopener noreferrer\">\n"
    }
}

extension [UInt8] {
    /// A copy with each occurrence of an ASCII text replaced.
    fileprivate func substituting(_ pattern: StaticString, with replacement: StaticString) -> [UInt8] {
        let pattern = UnsafeBufferPointer(start: pattern.utf8Start, count: pattern.utf8CodeUnitCount)
        let replacement = UnsafeBufferPointer(start: replacement.utf8Start, count: replacement.utf8CodeUnitCount)
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            if self[index] == pattern.first, self[index...].starts(with: pattern) {
                result += replacement
                index += pattern.count
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}

/// A start tag, taken apart.
struct Element {
    let name: Substring
    let attributes: [(name: Substring, value: Substring)]

    init(_ tag: String) {
        var rest = tag.drop { $0 == "<" || $0.isWhitespace }
        name = rest.prefix { !$0.isWhitespace && $0 != ">" }
        rest = rest.dropFirst(name.count)
        var attributes: [(name: Substring, value: Substring)] = []
        while let equals = rest.firstIndex(of: "=") {
            let key = rest[..<equals].drop { $0.isWhitespace }
            let value = rest[rest.index(after: equals)...]
            guard !key.contains(">"), let quote = value.first, quote == "\"" || quote == "'" else { break }
            let content = value.dropFirst().prefix { $0 != quote }
            attributes.append((key, content))
            rest = value.dropFirst(content.count + 2)
        }
        self.attributes = attributes
    }

    subscript(_ name: String) -> String? { attributes.first { $0.name == name }.map { String($0.value) } }

    /// With two decimals at most.
    func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return hundredths % 100 == 0 ? "\(hundredths / 100)" : "\(Double(hundredths) / 100)"
    }
}

/// A line of text in the picture.
///
/// The font is inherited from the root; where the width was measured exactly it is written down, so that a reader's
/// substitute font is fitted to the box instead of running out of it.
struct TextElement {
    let text: String

    init(_ line: Substring) {
        guard let end = line.firstIndex(of: ">"), line.hasSuffix("</text>") else {
            text = String(line)
            return
        }
        let tag = Element(String(line[...end]))
        let content = line[line.index(after: end)...].dropLast("</text>".count)
        let size = tag["font-size"].flatMap(Double.init) ?? 12
        let isBold = tag["font-weight"] == "bold"
        var result = "<text"
        for (name, value) in tag.attributes where name != "font-family" && !(name == "text-anchor" && value == "start")
        {
            result += " \(name)=\"\(name == "font-size" ? tag.number(size)[...] : value)\""
        }
        if size == TextMetrics.captionSize { result += " letter-spacing=\"\(TextMetrics.captionSpacing)\"" }
        let seen = Self.decoded(content)
        let isPadded = seen.first == " " || seen.last == " "
        if !isPadded, seen.count > 1, TextMetrics.isExact(seen) {
            let width = TextMetrics.width(of: seen, size: size, isBold: isBold)
            result += " textLength=\"\(tag.number(width))\" lengthAdjust=\"spacingAndGlyphs\""
        }
        text = result + ">\(content)</text>"
    }

    /// What a reader of the XML sees.
    static func decoded(_ content: Substring) -> String {
        guard content.utf8.contains(UInt8(ascii: "&")) else { return String(content) }
        var result = ""
        var rest = content
        while let start = rest.firstIndex(of: "&"), let end = rest[start...].firstIndex(of: ";") {
            result += rest[..<start]
            let name = rest[rest.index(after: start)..<end]
            switch name {
            case "amp": result += "&"
            case "lt": result += "<"
            case "gt": result += ">"
            case "quot": result += "\""
            default:
                let number = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
                if let scalar = number.flatMap(Unicode.Scalar.init) { result.unicodeScalars.append(scalar) }
            }
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}
