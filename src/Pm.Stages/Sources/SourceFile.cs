using Microsoft.Win32.SafeHandles;
using Pm.Packages;

namespace Pm.Stages.Sources;

/// <summary>A source that is one file.</summary>
static class SourceFile
{
    /// <summary>Its name where the URL has none that can be one.</summary>
    const string Nameless = "file";

    const int HeadSize = 18;
    const int TypeAt = 16;

    /// <summary>The last part of a URL, without what stands behind it.</summary>
    public static string NameOf(string url)
    {
        var end = url.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? url : url[..end];
        var name = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        return PackagePath.Fault(name) is null && !name.Contains('/', StringComparison.Ordinal) && !name.StartsWith('-') ? name : Nameless;
    }

    /// <summary>Whether a file by its first bytes is one that a system starts: a script, or an ELF program. An eBPF object is none.</summary>
    public static bool IsProgram(SafeFileHandle file)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        head = head[..RandomAccess.Read(file, head, 0)];
        return head.StartsWith("#!"u8) || (head.Length == HeadSize && head.StartsWith("\u007fELF"u8) && (head[TypeAt] is 2 or 3 || head[TypeAt + 1] is 2 or 3));
    }
}
