namespace Pm.Ebpf.Eunomia;

/// <summary>A variable of an object, which may be a flag.</summary>
public sealed record EunomiaVariable
{
    /// <summary>Begins the names of variables that are there to keep a type.</summary>
    const string Dummy = "__eunomia_dummy";

    /// <summary>Of the object: <c>.rodata</c>.</summary>
    public required string Section { get; init; }

    public required string Name { get; init; }

    /// <summary>In C's words.</summary>
    public required string Type { get; init; }

    /// <summary>What it is when nobody says anything.</summary>
    public required EunomiaDefault Default { get; init; }

    public string? Description { get; init; }

    /// <summary>The flag, where it is not called as the variable is.</summary>
    public string? LongName { get; init; }

    /// <summary>One character.</summary>
    public string? ShortName { get; init; }

    public string? Help { get; init; }

    public bool IsFlag => !Name.StartsWith(Dummy, StringComparison.Ordinal);

    /// <summary>Without dashes.</summary>
    public string Flag => LongName ?? Name;
}
