namespace Pm.Ebpf.Elf;

/// <summary>A section of an object.</summary>
public sealed record ElfSection
{
    const ulong WritableFlag = 1;
    const ulong ExecutableFlag = 4;

    public required int Index { get; init; }

    public required string Name { get; init; }

    public required ElfSectionType Type { get; init; }

    public required ulong Flags { get; init; }

    /// <summary>In memory; in the file it has none when it is <see cref="ElfSectionType.Zeroes"/>.</summary>
    public required int Size { get; init; }

    /// <summary>The bytes in the file, not copied; none when it is <see cref="ElfSectionType.Zeroes"/>.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The section that its meaning depends on: of symbols their names.</summary>
    public required uint Link { get; init; }

    /// <summary>Of relocations the section that they change.</summary>
    public required uint Info { get; init; }

    public bool IsWritable => (Flags & WritableFlag) != 0;

    public bool IsCode => Type is ElfSectionType.Content && (Flags & ExecutableFlag) != 0;
}
