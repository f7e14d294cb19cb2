namespace Pm.Ebpf.Notes;

/// <summary>What an author says of the flag that sets a global.</summary>
public sealed record FlagNote
{
    /// <summary>Its name, without dashes; null: made of the global's.</summary>
    public string? LongName { get; init; }

    /// <summary>A letter or digit that stands for it; null: none.</summary>
    public char? Letter { get; init; }

    /// <summary>What the global is when nobody sets it: a text, a number or a switch, as JSON writes it. Null: what the object has.</summary>
    public string? Default { get; init; }

    /// <summary>How its value is written; null: as the global's type says.</summary>
    public Reading? Reading { get; init; }

    /// <summary>What it is for; empty: not said.</summary>
    public string Help { get; init; } = "";
}
