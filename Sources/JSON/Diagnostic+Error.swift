public import Diagnostics

/// Lets a parser throw what it found.
extension Diagnostic: Error {}
