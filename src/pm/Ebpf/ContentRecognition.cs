using Pm.Ebpf.Elf;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Tar;

namespace Pm.Cli.Ebpf;

/// <summary>Says what a file is by its first bytes, never by its name.</summary>
static class ContentRecognition
{
    /// <summary>Members of an archive that are looked at.</summary>
    const int MostMembers = 64;

    /// <summary>What a file is; one that may not be read, or is none, is nothing that is known: a program may be run all the same.</summary>
    public static ContentKind Of(string path)
    {
        try
        {
            using var file = OpenFile.TryOpenRead(path);
            if (file is null)
            {
                return ContentKind.Other;
            }

            Span<byte> head = stackalloc byte[TarReader.HeadSize];
            var count = 0;
            for (int read; count < head.Length && (read = RandomAccess.Read(file, head[count..], count)) > 0; count += read)
            {
            }

            return Of(head[..count], path);
        }
        catch (Exception e) when (e is SystemCallException or IOException or UnauthorizedAccessException)
        {
            return ContentKind.Other;
        }
    }

    static ContentKind Of(ReadOnlySpan<byte> head, string path) =>
        ElfObject.IsOne(head) ? ContentKind.Object
        : head.StartsWith("\0asm"u8) ? ContentKind.WebAssembly
        : IsJson(head) ? ContentKind.Eunomia
        : head.IndexOfAnyExcept((byte)0) >= 0 && TarReader.IsTar(head) ? OfArchive(path)
        : ContentKind.Other;

    /// <summary>An object with a member, or the begin of one. A list of commands of a shell does not begin so.</summary>
    static bool IsJson(ReadOnlySpan<byte> head)
    {
        head = head.StartsWith("\ufeff"u8) ? head[3..] : head;
        head = head.TrimStart(" \t\r\n"u8);
        return head is [(byte)'{', ..] && head[1..].TrimStart(" \t\r\n"u8) is [] or [(byte)'"' or (byte)'}', ..];
    }

    static ContentKind OfArchive(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var reader = new TarReader(file, TarLimits.Default, path);
            var count = 0;
            while (count++ < MostMembers && reader.Next() is { } entry)
            {
                switch (EunomiaArchive.PlainName(entry.Path))
                {
                    case EunomiaArchive.PackageName:
                        return ContentKind.Archive;
                    case "meta.yaml" or "manifest.sha256":
                        return ContentKind.Package;
                }
            }

            return ContentKind.Archive;
        }
        catch (PackageFormatException)
        {
            // Its own reader says best what is wrong with it.
            return ContentKind.Package;
        }
    }
}
