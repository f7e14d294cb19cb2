namespace Ebpm;

/// <summary>What pm refuses.</summary>
/// <param name="message">What failed.</param>
/// <param name="code">"PMnnnn", which <c>pm explain</c> explains.</param>
/// <param name="hint">What helps, often a command in backquotes, or null.</param>
/// <param name="exit">What pm would have ended with.</param>
public sealed class PmException(string message, string code = "PM0001", string? hint = null, int exit = 1) : Exception(message)
{
    public string Code => code;

    public string? Hint => hint;

    public int Exit => exit;
}
