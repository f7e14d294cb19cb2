using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Eunomia;

/// <summary>What a package of eunomia's may demand of its reader.</summary>
public static class EunomiaLimits
{
    /// <summary>Bytes of what is said beside the object.</summary>
    public const int Meta = 4 << 20;

    /// <summary>Bytes of a <c>package.json</c>: the largest object, which hardly shrinks, in base64.</summary>
    public const int Package = ElfLimits.Size / 3 * 4 + Meta + 4096;

    /// <summary>Deflate makes at most so many bytes of one. Source: "Maximum Compression Factor" in zlib's technical details.</summary>
    public const int Ratio = 1032;

    /// <summary>Members of a list: variables of a section, maps, programs, members of a struct.</summary>
    public const int Entries = 4096;

    /// <summary>How deep values nest.</summary>
    public const int Depth = 32;
}
