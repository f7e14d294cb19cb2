using System.Globalization;
using System.Runtime.InteropServices;
using Pm.Cli.Output;
using Pm.Linux;

namespace Pm.Cli.Checks;

/// <summary>Checks of the machine: programs, libraries, clock, disk.</summary>
static class MachineChecks
{
    const long LittleSpace = 256L * 1024 * 1024;

    /// <summary>No correct clock shows a time before pm's own release.</summary>
    static readonly DateTimeOffset Released = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly DateTimeOffset FarFuture = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether a program of another package is on PATH.</summary>
    public static Finding Program(PmContext context, string name, string package, string purpose)
    {
        var found = (context.Variable("PATH") ?? "").Split(':')
            .Where(Path.IsPathFullyQualified)
            .Select(d => Path.Combine(d, name))
            .FirstOrDefault(File.Exists);
        return found is null
            ? new Finding(CheckState.Problem, $"not on PATH; needed for {purpose}", $"apt-get install {package}")
            : Finding.Good(found);
    }

    /// <summary>Whether a system library can be loaded.</summary>
    public static Finding Library(string name, string package)
    {
        if (!NativeLibrary.TryLoad(name, out var handle))
        {
            return new Finding(CheckState.Problem, $"{name} cannot be loaded", $"apt-get install {package}");
        }

        NativeLibrary.Free(handle);
        return Finding.Good(name);
    }

    /// <summary>Expiry of keys and metadata is judged by this clock.</summary>
    public static Finding Clock(PmContext context)
    {
        var now = context.Time.GetUtcNow();
        var text = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return now < Released || now > FarFuture
            ? new Finding(CheckState.Problem, $"shows {text}", "set the clock: expiry of keys and metadata is judged by it")
            : Finding.Good(text);
    }

    public static Finding RootIsWritable(PmContext context)
    {
        var root = context.Settings.Root;
        var existing = Existing(root);
        return PathAccess.CanWriteDirectory(existing)
            ? Finding.Good(root)
            : new Finding(CheckState.Problem, $"{existing} cannot be written by this user", "choose another root with `--root DIR` or PM_ROOT");
    }

    public static Finding Space(PmContext context)
    {
        using var root = Storage.Root.TryOpen(context.Settings.Root);
        var existing = Existing(root?.Settings.StorePath ?? context.Settings.Store);
        var free = FileSystemStatus.Of(existing).FreeBytes;
        var detail = $"{ByteSize.Text(free)} free at {existing}";
        return free < LittleSpace
            ? new Finding(CheckState.Warning, detail, "`pm gc` frees what no generation needs")
            : Finding.Good(detail);
    }

    /// <summary>The nearest directory on the way up that exists.</summary>
    public static string Existing(string path)
    {
        while (!Directory.Exists(path) && Path.GetDirectoryName(path) is { } parent)
        {
            path = parent;
        }

        return path;
    }
}
