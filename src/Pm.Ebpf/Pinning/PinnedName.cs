namespace Pm.Ebpf.Pinning;

/// <summary>What something that runs on its own is called: the object's name, and a number among those of that name; written <c>opens/1</c>.</summary>
/// <param name="Name">As it is called in bpffs: letters, digits, <c>_</c> and <c>-</c>.</param>
/// <param name="Number">From 1 on.</param>
public sealed record PinnedName(string Name, int Number)
{
    /// <summary>bpffs takes 255 bytes; nobody wants to read as many.</summary>
    const int Longest = 64;

    /// <summary>
    /// A name that bpffs takes, which keeps names with a dot in them for itself, and that no command line takes for an option. Source: kernel/bpf/inode.c,
    /// bpf_lookup.
    /// </summary>
    public static string Plain(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var plain = string.Concat(name.Take(Longest).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));
        return plain is ['-', .. var rest] ? "_" + rest : plain.Length > 0 ? plain : "_";
    }

    public override string ToString() => $"{Name}/{Number}";
}
