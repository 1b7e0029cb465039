internal import Alerts

extension Template {
    /// The kind, where it is written out: `host` of `host/{target}`.
    var literalKind: String? {
        guard case .text(let text)? = parts.first, let slash = text.firstIndex(of: "/") else { return nil }
        return String(text[..<slash])
    }

    /// The label values with which the template gives `name`, if there are any: the reverse of filling its holes.
    ///
    /// Each hole but the last takes as little as it can, and none takes a slash, unless it is all there is.
    func labels(giving name: String) -> LabelSet? {
        if parts.count == 1, case .label(let label)? = parts.first { return LabelSet([.init(label, name)]) }
        var found: [LabelSet.Label] = []
        var rest = Substring(name)
        for (index, part) in parts.enumerated() {
            switch part {
            case .text(let text):
                guard rest.hasPrefix(text) else { return nil }
                rest = rest.dropFirst(text.count)
            case .label(let label):
                let segment = rest.prefix { $0 != "/" }
                var value = segment
                if index + 1 < parts.count, case .text(let next) = parts[index + 1], let stop = next.first, stop != "/"
                {
                    value = segment.prefix { $0 != stop }
                }
                guard !value.isEmpty else { return nil }
                found.append(.init(label, String(value)))
                rest = rest.dropFirst(value.count)
            }
        }
        return rest.isEmpty ? LabelSet(found) : nil
    }
}

extension AlertRule {
    /// What the rule says to do about an entity that it could be about, though no alert of it fires.
    func action(forEntity name: String) -> String? {
        guard let action, entity.constant != nil || entity.literalKind != nil, let labels = entity.labels(giving: name)
        else { return nil }
        return try? action.expanded(with: labels)
    }
}
