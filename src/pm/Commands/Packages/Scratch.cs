namespace Pm.Cli.Commands.Packages;

/// <summary>Where large temporary files go.</summary>
static class Scratch
{
    public static string Folder(PmContext context) =>
        context.Variable("TMPDIR") is { } folder && Directory.Exists(folder) ? context.FullPath(folder) : "/tmp";
}
