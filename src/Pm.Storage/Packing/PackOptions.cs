namespace Pm.Storage.Packing;

/// <summary>How a directory becomes a package.</summary>
public sealed record PackOptions
{
    public static PackOptions Default { get; } = new();

    /// <summary>Set-id bits and file capabilities are packed; else they are dropped and noted.</summary>
    public bool AllowsSetId { get; init; }

    /// <summary>Symbolic links that lead outside the package are packed; else they are an error.</summary>
    public bool AllowsOutsideLinks { get; init; }

    /// <summary>Files hashed at once.</summary>
    public int Threads { get; init; } = Math.Max(1, Environment.ProcessorCount);
}
