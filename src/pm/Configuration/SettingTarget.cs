using Pm.Cli.Projects;
using Pm.Packages.Manifests;
using Pm.Stages.Projects;

namespace Pm.Cli.Configuration;

/// <summary>The file that a change of settings is made in.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Level">Whose it is.</param>
sealed record SettingTarget(string Path, SettingLevel Level)
{
    /// <summary>Longest in bytes.</summary>
    public int MaximumSize => Level is SettingLevel.Project ? Manifest.MaximumSize : SettingFileReader.MaximumSize;

    /// <summary>The tables on the way to a setting.</summary>
    public string[] Table => Level is SettingLevel.Project ? [SettingFileReader.TableName] : [];

    /// <summary>The file of the user, unless another is asked for.</summary>
    /// <exception cref="CommandException">PM1008, PM1181: there is no home; no project.</exception>
    public static SettingTarget Of(PmContext context, bool isSystem, bool isProject)
    {
        if (isSystem && isProject)
        {
            throw CommandException.Usage("PM1002", "--system and --project contradict each other", "give one of them, or none for your own file");
        }

        return isSystem ? new SettingTarget(SettingPlaces.System(context), SettingLevel.System)
            : isProject ? new SettingTarget(ManifestOf(context), SettingLevel.Project)
            : new SettingTarget(SettingPlaces.User(context) ?? throw CommandException.Usage("PM1008", "HOME is not an absolute path", "set HOME or XDG_CONFIG_HOME, or write the machine's settings: `--system`"), SettingLevel.User);
    }

    static string ManifestOf(PmContext context) => ManifestFile.Find(context.WorkingDirectory) ?? throw ProjectAccess.NoProject(context.WorkingDirectory);
}
