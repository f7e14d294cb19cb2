using Pm.Codecs;

namespace Pm.Cli.Commands.Packages;

/// <summary>The compression that a command line asks for.</summary>
static class CompressionChoice
{
    public static Compression Of(string? name, bool isBzip2) => (name, isBzip2) switch
    {
        (null, false) => Compression.Zstandard,
        (null, true) or ("bzip2" or "bz2", _) => Compression.Bzip2,
        (_, true) => throw CommandException.Usage("PM1007", $"--bz2 and --compression {name} exclude one another"),
        ("zstd" or "zst", _) => Compression.Zstandard,
        ("gzip" or "gz", _) => Compression.Gzip,
        ("xz", _) => Compression.Xz,
        ("none", _) => Compression.None,
        _ => throw CommandException.Usage("PM1007", $"--compression: expected zstd, bzip2, gzip, xz or none, got `{name}`"),
    };

    public static void CheckLevel(Compression compression, int? level)
    {
        var (least, most) = compression switch
        {
            Compression.Zstandard => (1, 22),
            Compression.Xz => (0, 9),
            Compression.None => (0, 0),
            _ => (1, 9),
        };
        if (level is { } asked && (asked < least || asked > most))
        {
            throw CommandException.Usage("PM1007", $"--level: expected {least} to {most} for this compression, got {asked}");
        }
    }
}
