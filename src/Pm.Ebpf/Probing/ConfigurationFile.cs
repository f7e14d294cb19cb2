using System.IO.Compression;
using Pm.Ebpf.Fitting;
using Pm.Linux;

namespace Pm.Ebpf.Probing;

/// <summary>What the running kernel says of how it was built, from where libbpf reads it. Source: bpf_object__read_kconfig_file, get_kernel_version of libbpf.</summary>
static class ConfigurationFile
{
    const string Release = "/proc/sys/kernel/osrelease";
    const string Built = "/proc/sys/kernel/version";

    /// <summary>Ubuntu says there which Linux its own is made of, and Debian where the kernel says when it was built.</summary>
    const string UbuntuVersion = "/proc/version_signature";
    const string DebianVersion = "Debian ";

    /// <summary>Null where there is such a file, and it cannot be read.</summary>
    public static KernelConfiguration? Read()
    {
        var isThere = false;
        foreach (var path in (string[])[$"/boot/config-{Line(Release)}", "/proc/config.gz"])
        {
            try
            {
                using var file = OpenFile.TryOpenRead(path);
                if (file is not null)
                {
                    using var stream = new FileStream(file, FileAccess.Read, 0);
                    return ReadFrom(stream);
                }
            }
            catch (Exception e) when (e is SystemCallException or IOException or UnauthorizedAccessException)
            {
                isThere = true;
            }
        }

        return isThere ? null : KernelConfiguration.Missing;
    }

    /// <summary>Packed by gzip or not; null where it is broken or too large.</summary>
    internal static KernelConfiguration? ReadFrom(Stream file)
    {
        var head = new byte[2];
        var isPacked = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head is [0x1f, 0x8b];
        file.Position = 0;
        try
        {
            using var text = isPacked ? new GZipStream(file, CompressionMode.Decompress, leaveOpen: true) : file;
            using var all = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int count; (count = text.Read(buffer)) > 0;)
            {
                if (all.Length + count > KernelConfiguration.Limit)
                {
                    return null;
                }

                all.Write(buffer, 0, count);
            }

            return KernelConfiguration.Parse(all.GetBuffer().AsSpan(0, (int)all.Length));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    public static LinuxVersion? ReadVersion() => Version(Line(UbuntuVersion), Line(Built), Line(Release));

    /// <summary>Where the first of them says something, the others do not count.</summary>
    internal static LinuxVersion? Version(string ubuntu, string built, string release) =>
        ubuntu.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var said, ..] && LinuxVersion.Read(said) is { } version ? version
        : built.IndexOf(DebianVersion, StringComparison.Ordinal) is >= 0 and var at ? LinuxVersion.Read(built[(at + DebianVersion.Length)..])
        : LinuxVersion.Read(release);

    static string Line(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadLines(path).FirstOrDefault()?.Trim() ?? "" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
