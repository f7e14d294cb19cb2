namespace Pm.Packages.Versions;

/// <summary>How a comparator relates a version to the one it is written with.</summary>
public enum VersionOperator
{
    /// <summary><c>^</c>: as long as the first number that is not zero stays.</summary>
    Caret,

    /// <summary><c>~</c>: as long as the second number stays; of one number alone, that one.</summary>
    Tilde,

    /// <summary><c>=</c>: of its precedence.</summary>
    Equal,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,
}
