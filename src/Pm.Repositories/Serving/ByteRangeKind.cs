namespace Pm.Repositories.Serving;

/// <summary>What is asked of a file.</summary>
public enum ByteRangeKind
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Some of it.</summary>
    Part,

    /// <summary>Bytes that it does not have.</summary>
    Unsatisfiable,
}
