namespace Pm.Resolution;

/// <summary>What becomes of needs that are private to their dependent.</summary>
public enum PrivateNeeds
{
    /// <summary>Each dependent has a tree of its own for them: in projects, and where the dependent lies in a directory of its own.</summary>
    Apart,

    /// <summary>They are met by what all share, as in a root; where that cannot be, it is a conflict.</summary>
    Unified,
}
