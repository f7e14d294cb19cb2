using Pm.Cli.Output;

namespace Pm.Cli.Commands.House;

/// <summary>What <c>pm tuf-client</c> was asked for.</summary>
/// <param name="Command">One of the three.</param>
/// <param name="RootFile">Of <c>init</c>.</param>
/// <param name="MetadataDirectory">Where what is believed is kept.</param>
/// <param name="MetadataUrl">Of the others.</param>
/// <param name="Targets">Of <c>download</c>.</param>
/// <param name="TargetUrl">Of <c>download</c>.</param>
/// <param name="TargetDirectory">Of <c>download</c>.</param>
sealed record TufClientTask(
    string Command, string? RootFile, string MetadataDirectory, string? MetadataUrl, string[] Targets, string? TargetUrl, string? TargetDirectory)
{
    public const string Init = "init";
    const string Refresh = "refresh";
    const string Download = "download";

    /// <exception cref="CommandException">PM1002: it is none of the three, or one lacks what it needs.</exception>
    public void Check()
    {
        var missing = Command switch
        {
            Init => RootFile is null ? "the argument ROOT_FILE" : null,
            Refresh => RootFile is not null ? "no argument" : MetadataUrl is null ? "--metadata-url" : null,
            Download => RootFile is not null ? "no argument"
                : MetadataUrl is null ? "--metadata-url"
                : Targets.Length == 0 ? "--target-name"
                : TargetUrl is null ? "--target-base-url"
                : TargetDirectory is null ? "--target-dir"
                : null,
            _ => throw CommandException.Usage("PM1002", $"unknown command `{Hostile.OneLine(Command)}` of tuf-client", $"it is {Init}, {Refresh} or {Download}"),
        };
        if (missing is not null)
        {
            throw CommandException.Usage("PM1002", $"`tuf-client {Command}` needs {missing}", "see `pm help tuf-client`");
        }
    }
}
