namespace Pm.Cli.Output;

/// <summary>When to use colour: the values of <c>--color</c>.</summary>
enum ColorChoice
{
    Auto,
    Always,
    Never,
}
