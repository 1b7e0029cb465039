import Foundation

/// A strict little reader of XML, to look at pictures with: it knows elements, attributes, text and the five named
/// references, and refuses all else.
struct SVGReader {
    struct Element {
        var name: String
        var attributes: [String: String]
        /// The names of the elements around it, outermost first.
        var path: [String]
        var text = ""
        /// The ids of the elements around it.
        var ids: [String]
    }

    struct Malformed: Error {
        var reason: String
    }

    private(set) var elements: [Element] = []

    init(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed(reason: "not UTF-8") }
        let forbidden = text.unicodeScalars.first { $0.value < 0x20 && !"\n\t".unicodeScalars.contains($0) }
        if let forbidden { throw Malformed(reason: "control \(forbidden.value)") }
        var open: [Int] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            let content = rest.prefix { $0 != "<" }
            rest = rest.dropFirst(content.count)
            if let top = open.last { elements[top].text += try Self.decoded(content) }
            guard rest.popFirst() != nil else { break }
            if rest.first == "/" {
                let name = String(rest.dropFirst().prefix { $0 != ">" })
                guard let top = open.popLast(), elements[top].name == name else {
                    throw Malformed(reason: "</\(name)>")
                }
                rest = rest.dropFirst(name.unicodeScalars.count + 2)
                continue
            }
            guard let first = rest.first, first.properties.isAlphabetic else {
                throw Malformed(reason: "<\(rest.prefix(20))")
            }
            let name = String(rest.prefix { !" \n/>".unicodeScalars.contains($0) })
            rest = rest.dropFirst(name.unicodeScalars.count)
            var attributes: [String: String] = [:]
            while true {
                rest = rest.drop { " \n".unicodeScalars.contains($0) }
                guard let next = rest.first else { throw Malformed(reason: "<\(name) does not end") }
                if next == ">" || next == "/" { break }
                let key = String(rest.prefix { $0 != "=" })
                rest = rest.dropFirst(key.unicodeScalars.count + 1)
                guard rest.popFirst() == "\"" else { throw Malformed(reason: "\(key) has no quotes") }
                let value = rest.prefix { $0 != "\"" }
                rest = rest.dropFirst(value.count + 1)
                guard !value.contains("<"), attributes.updateValue(try Self.decoded(value), forKey: key) == nil else {
                    throw Malformed(reason: "attribute \(key) of \(name)")
                }
            }
            let ids = open.compactMap { elements[$0].attributes["id"] }
            elements.append(Element(name: name, attributes: attributes, path: open.map { elements[$0].name }, ids: ids))
            if rest.first == "/" {
                rest = rest.dropFirst(2)
            } else {
                rest = rest.dropFirst()
                open.append(elements.count - 1)
            }
        }
        guard open.isEmpty else { throw Malformed(reason: "\(elements[open[0]].name) is not closed") }
    }

    private static func decoded(_ text: some Sequence<Unicode.Scalar>) throws -> String {
        var result = String.UnicodeScalarView()
        var name: String?
        for scalar in text {
            if let open = name {
                if scalar != ";" {
                    name = open + String(Character(scalar))
                    continue
                }
                let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"][open]?.unicodeScalars.first
                let number = open.hasPrefix("#x") ? UInt32(open.dropFirst(2), radix: 16) : UInt32(open.dropFirst())
                guard let value = named ?? number.flatMap(Unicode.Scalar.init) else {
                    throw Malformed(reason: "&\(open);")
                }
                result.append(value)
                name = nil
            } else if scalar == "&" {
                name = ""
            } else {
                result.append(scalar)
            }
        }
        if let name { throw Malformed(reason: "&\(name)") }
        return String(result)
    }
}
