namespace Pm.Cli.Output;

/// <summary>How progress is shown: the values of <c>--progress</c>.</summary>
enum ProgressStyle
{
    /// <summary>One redrawn line on a terminal, plain lines elsewhere.</summary>
    Auto,
    Plain,
    Json,
    None,
}
