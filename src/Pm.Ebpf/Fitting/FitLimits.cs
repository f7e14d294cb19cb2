namespace Pm.Ebpf.Fitting;

/// <summary>What comparing an object with a kernel may cost.</summary>
static class FitLimits
{
    /// <summary>Steps of comparing types, for one object: some hundred suffice for each of its relocations.</summary>
    public const int Comparisons = 20_000_000;

    /// <summary>Instructions followed, for one object, each as often as more becomes known of what stands before it.</summary>
    public const int Followed = 20_000_000;

    /// <summary>Places where ways meet, of all functions of an object; each takes 300 bytes while its function is followed.</summary>
    public const int States = 400_000;

    /// <summary>Steps of the path to a field, and how deep types are compared. Source: BPF_CORE_SPEC_MAX_LEN of libbpf.</summary>
    public const int PathLength = 64;

    /// <summary>Source: the depth of bpf_core_types_are_compat of libbpf.</summary>
    public const int Depth = 32;

    /// <summary>Findings of one program that are told.</summary>
    public const int Findings = 64;
}
