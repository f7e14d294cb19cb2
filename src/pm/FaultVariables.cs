using Pm.Linux;

namespace Pm.Cli;

/// <summary>PM_FAULT and PM_TRACE_WRITES: a test makes this process fail at its N-th durable write, or watches them.</summary>
static class FaultVariables
{
    /// <summary>Installs what the environment asks for; what is wrong with it, or null.</summary>
    public static Failure? Install(PmContext context)
    {
        try
        {
            if (context.Variable("PM_TRACE_WRITES") is { } path)
            {
                // Open until the process ends: the last line may be the call at which it was killed.
                _ = WriteTraceFile.Install(context.FullPath(path));
            }

            // After the trace, whose own opening would count.
            WriteDoor.Fault = context.Variable("PM_FAULT") is { } fault ? WriteFault.Parse(fault) : null;
            return null;
        }
        catch (FormatException e)
        {
            return new Failure(ExitCode.Usage, "PM1007", $"PM_FAULT: {e.Message}");
        }
        catch (SystemCallException e)
        {
            return ErrorReport.Describe(e);
        }
    }
}
