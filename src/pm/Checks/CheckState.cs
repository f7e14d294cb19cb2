namespace Pm.Cli.Checks;

/// <summary>How a check of <c>pm doctor</c> came out.</summary>
enum CheckState
{
    Good,

    /// <summary>Something pm can do without.</summary>
    Warning,

    /// <summary>Something that makes commands fail.</summary>
    Problem,
}
