namespace Pm.Torture.Tracing;

/// <summary>A system call of a traced process, as strace wrote it down.</summary>
/// <param name="Process">The thread's number.</param>
/// <param name="Name">For example <c>renameat</c>.</param>
/// <param name="Arguments">The text between the parentheses.</param>
/// <param name="Result">What stands behind the equals sign: a number, with the path of a new descriptor.</param>
/// <param name="Begin">The number of the line at which it began.</param>
/// <param name="End">The number of the line at which it ended.</param>
sealed record TracedCall(string Process, string Name, string Arguments, string Result, int Begin, int End)
{
    public bool IsDone => !Result.StartsWith('-') && !Result.StartsWith('?');
}
