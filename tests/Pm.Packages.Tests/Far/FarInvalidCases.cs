using static Pm.Packages.Tests.Far.FarBytes;

namespace Pm.Packages.Tests.Far;

/// <summary>The published names of what a reader must refuse, each with bytes that break that one rule.</summary>
static class FarInvalidCases
{
    public static readonly IReadOnlyDictionary<string, byte[]> All = new Dictionary<string, byte[]>
    {
        ["invalid-magic-bytes"] = Patched(0, 0xc9),
        ["index-entries-length-not-a-multiple-of-24-bytes"] = Patched(8, 0x31),
        ["directory-names-index-entry-before-directory-index-entry"] = With(f => f.Index.Reverse()),
        ["two-directory-index-entries"] = With(f => (f.Index, f.DirectoryAt, f.NamesAt) =
            ([(DirectoryType, 0x58, 0), (DirectoryType, 0x58, 0x60), (NamesType, 0xb8, 8)], 0x58, 0xb8)),
        ["two-directory-names-index-entries"] = With(f => (f.Index, f.DirectoryAt, f.NamesAt) =
            ([(DirectoryType, 0x58, 0x60), (NamesType, 0xb8, 0), (NamesType, 0xb8, 8)], 0x58, 0xb8)),
        ["duplicate-index-entries-of-unknown-type"] = With(f => (f.Index, f.DirectoryAt, f.NamesAt) =
            ([(1, 0x70, 0), (1, 0x70, 0), (DirectoryType, 0x70, 0x60), (NamesType, 0xd0, 8)], 0x70, 0xd0)),
        ["no-index-entries"] = new FarBytes { Length = 16 }.ToBytes(),
        ["no-directory-index-entry"] = new FarBytes { Index = [(NamesType, 0x28, 0)], Length = 0x28 }.ToBytes(),
        ["no-directory-names-index-entry"] = new FarBytes { Index = [(DirectoryType, 0x28, 0)], Length = 0x28 }.ToBytes(),
        ["directory-chunk-length-not-a-multiple-of-32-bytes"] = With(f => (f.Index, f.NamesAt) =
            ([(DirectoryType, 0x40, 0x68), (NamesType, 0xa8, 8)], 0xa8)),
        ["directory-chunk-not-tightly-packed"] = With(f => (f.Index, f.DirectoryAt, f.NamesAt) =
            ([(DirectoryType, 0x48, 0x60), (NamesType, 0xa8, 8)], 0x48, 0xa8)),
        ["path-data-offset-too-large"] = Entry(2, e => e with { NameOffset = 9 }),
        ["path-data-length-too-large"] = Entry(2, e => e with { NameLength = 7 }),
        ["directory-entries-not-sorted"] = With(f => f.NameBytes = "badir/c\0"u8.ToArray()),
        ["directory-entries-with-same-name"] = With(f => f.NameBytes = "aadir/c\0"u8.ToArray()),
        ["directory-names-chunk-length-not-a-multiple-of-8-bytes"] = With(f => f.Index[1] = (NamesType, 0xa0, 7)),
        ["directory-names-chunk-not-tightly-packed"] = With(f => (f.Index[1], f.NamesAt) = ((NamesType, 0xa8, 8), 0xa8)),
        ["directory-names-chunk-before-directory-chunk"] = With(f => (f.Index, f.DirectoryAt, f.NamesAt) =
            ([(DirectoryType, 0x48, 0x60), (NamesType, 0x40, 8)], 0x48, 0x40)),
        ["directory-names-chunk-overlaps-directory-chunk"] = With(f => f.Index[1] = (NamesType, 0x98, 8)),
        ["zero-length-name"] = Entry(0, e => e with { NameLength = 0 }),
        ["name-with-null-character"] = Named("a\0b").ToBytes(),
        ["name-with-leading-slash"] = Named("/a").ToBytes(),
        ["name-with-trailing-slash"] = Named("a/").ToBytes(),
        ["name-with-empty-segment"] = Named("a//b").ToBytes(),
        ["name-with-dot-segment"] = Named("a/./b").ToBytes(),
        ["name-with-dot-dot-segment"] = Named("a/../b").ToBytes(),
        ["content-chunk-starts-early"] = Entry(0, e => e with { Offset = 0xff8 }),
        ["content-chunk-starts-late"] = Entry(0, e => e with { Offset = 0x1008 }),
        ["second-content-chunk-starts-early"] = Entry(1, e => e with { Offset = 0x1ff8 }),
        ["second-content-chunk-starts-late"] = Entry(1, e => e with { Offset = 0x2008 }),
        ["content-chunk-not-zero-padded"] = Patched(0x1002, 1),
        ["content-chunk-overlap"] = Entry(1, e => e with { Offset = 0x1000 }),
        ["content-chunk-not-tightly-packed"] = With(f =>
        {
            f.Entries[1] = f.Entries[1] with { Offset = 0x3000 };
            f.Entries[2] = f.Entries[2] with { Offset = 0x4000 };
            f.Length = 0x5000;
        }),
        ["content-chunk-offset-past-end-of-file"] = With(f => (f.Length, f.Contents[0x3000]) = (0x3000, [])),
    };

    static byte[] With(Action<FarBytes> change)
    {
        var far = Example();
        change(far);
        return far.ToBytes();
    }

    static byte[] Entry(
        int i,
        Func<(uint NameOffset, ushort NameLength, ulong Offset, ulong Length), (uint NameOffset, ushort NameLength, ulong Offset, ulong Length)> change) =>
        With(f => f.Entries[i] = change(f.Entries[i]));

    static byte[] Patched(int at, byte value)
    {
        var bytes = Example().ToBytes();
        bytes[at] = value;
        return bytes;
    }
}
