using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Probing;

/// <summary>What the running kernel says of its modules that are loaded.</summary>
static class LoadedModules
{
    const string Folder = "/sys/kernel/btf";
    const string Kernel = "vmlinux";

    /// <summary>There are types besides the kernel's own.</summary>
    public static bool HaveTypes => Paths.Any();

    static IEnumerable<string> Paths => Directory.EnumerateFiles(Folder).Where(p => Path.GetFileName(p) != Kernel);

    /// <summary>Each is read when it is come to.</summary>
    public static IEnumerable<ModuleBytes> Read()
    {
        foreach (var path in Paths.Order(StringComparer.Ordinal))
        {
            if (TryRead(path) is { } types)
            {
                yield return new ModuleBytes(Path.GetFileName(path), types);
            }
        }
    }

    /// <summary>One that is unloaded meanwhile is none.</summary>
    static byte[]? TryRead(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
