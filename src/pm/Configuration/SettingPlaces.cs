using Pm.Linux;

namespace Pm.Cli.Configuration;

/// <summary>Where the files of settings are, and whether what is there may be believed.</summary>
static class SettingPlaces
{
    /// <summary>The name of a file of settings in its directory.</summary>
    public const string FileName = "config.toml";

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

        // Who writes it can make pm run scripts and write where they like.
        if (OpenFile.Status(file, path).WhyNotTrusted(context.EffectiveUserId) is { } why)
        {
            throw new CommandException(
                ExitCode.Invalid, "PM1202", $"{path}: {why}: it is not believed", $"look at what it says; then `chown` or `chmod go-w {path}`");
        }

        try
        {
            return FileReading.All(file, SettingFileReader.MaximumSize, path);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EFBIG)
        {
            throw new CommandException(ExitCode.Invalid, "PM1200", $"{path}: it is longer than {SettingFileReader.MaximumSize} bytes: no configuration is");
        }
    }
}
