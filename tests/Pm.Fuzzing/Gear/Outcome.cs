namespace Pm.Fuzzing.Gear;

/// <summary>What one input did to a reader.</summary>
/// <param name="Answer">Roughly what the reader said: inputs with a new answer are worth mutating further.</param>
/// <param name="Finding">What is wrong with the reader; null when nothing is.</param>
/// <param name="Time">Of one reading.</param>
/// <param name="Allocated">Bytes on the managed heap, all together.</param>
sealed record Outcome(string Answer, string? Finding, TimeSpan Time, long Allocated);
