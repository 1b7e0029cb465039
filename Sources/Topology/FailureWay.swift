/// How much is told of the way that a failure took from its root.
public enum FailureWay {
    /// The most entities of one way that are kept: those nearest to where it ends.
    ///
    /// A chain of n entities has n ways of n/2 entities each. A way of this length goes on with the way to its first
    /// entity, so that nothing is lost; real platforms are a dozen needs deep.
    public static let longest = 32
}
