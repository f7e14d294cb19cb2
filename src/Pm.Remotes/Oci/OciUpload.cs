namespace Pm.Remotes.Oci;

/// <summary>A file that is to be pushed.</summary>
public sealed record OciUpload
{
    /// <summary>Of the file.</summary>
    public required string Path { get; init; }

    public required OciForm Form { get; init; }

    /// <summary>What the file is called there.</summary>
    public required string Title { get; init; }

    /// <summary>Null: nobody says it.</summary>
    public string? Version { get; init; }

    /// <summary>Null: nobody says it.</summary>
    public string? Description { get; init; }

    /// <summary>Of machines that it is for, as Go writes them; of the forms that name them.</summary>
    public string Architecture { get; init; } = "amd64";

    /// <summary>Labels of bpfman's form.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The configuration of Inspektor Gadget's form, in YAML.</summary>
    public ReadOnlyMemory<byte> Configuration { get; init; }
}
