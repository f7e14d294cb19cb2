using Pm.Linux;

namespace Pm.Cli.Configuration;

/// <summary>Where the files of settings are, and whether what is there may be believed.</summary>
static class SettingPlaces
{
    /// <summary>The name of a file of settings in its directory.</summary>
    public const string FileName = "config.toml";

    const int WritableByOthers = 0b000_010_010;

    /// <summary>The machine's.</summary>
    public static string System(PmContext context) => Path.Join(context.SystemDirectory, FileName);

    /// <summary>The user's; null when neither HOME nor XDG_CONFIG_HOME says where.</summary>
    public static string? User(PmContext context) => DefaultPaths.Configuration(context.Environment) is { } directory ? Path.Join(directory, FileName) : null;

    /// <summary>Reads a file; null: there is none.</summary>
    /// <exception cref="CommandException">PM1200–PM1203, PM2101–PM2103: it will not do.</exception>
    public static SettingFile? TryRead(PmContext context, string? path, SettingLevel level) => path is not null && TryReadBytes(context, path) is { } bytes
        ? SettingFileReader.Read(bytes, path, level, DefaultPaths.Home(context.Environment))
        : null;

    /// <summary>The bytes of a file; null: there is none.</summary>
    /// <exception cref="CommandException">PM1200: it is too long; PM1202: others than this user and root could have written it.</exception>
    public static byte[]? TryReadBytes(PmContext context, string path)
    {
        using var file = OpenFile.TryOpenRead(path);
        if (file is null)
        {
            return null;
        }

        RequireTrusted(path, OpenFile.Status(file, path), context.EffectiveUserId);
        try
        {
            return FileReading.All(file, SettingFileReader.MaximumSize, path);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EFBIG)
        {
            throw new CommandException(ExitCode.Invalid, "PM1200", $"{path}: it is longer than {SettingFileReader.MaximumSize} bytes: no configuration is");
        }
    }

    /// <summary>Who writes it can make pm run scripts and write where they like: the rule is that of ssh.</summary>
    static void RequireTrusted(string path, FileStatus status, uint user)
    {
        if (status.Owner != 0 && status.Owner != user)
        {
            throw new CommandException(
                ExitCode.Invalid, "PM1202", $"{path}: it belongs to {AccountDatabase.System.UserName(status.Owner) ?? $"user {status.Owner}"}, and neither to you nor to root: it is not believed",
                "take it over (`chown`), or set HOME or XDG_CONFIG_HOME to a directory of your own");
        }

        if ((status.Mode & WritableByOthers) != 0)
        {
            throw new CommandException(
                ExitCode.Invalid, "PM1202", $"{path}: others than its owner can write to it (mode {Convert.ToString(status.Mode, 8)}): it is not believed",
                $"look at what it says, then `chmod go-w {path}`");
        }
    }
}
