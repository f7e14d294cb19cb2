using System.Runtime.InteropServices;
using System.Text;
using Pm.Daemon.Output;
using Pm.Daemon.Settings;
using Pm.Linux;

namespace Pm.Daemon;

/// <summary>The daemon as a process: its command line, its signals, its exit code.</summary>
static class DaemonProcess
{
    public static async Task<int> RunAsync(string[] arguments, DaemonContext context, Notices notices)
    {
        try
        {
            switch (arguments)
            {
                case ["--version"]:
                    context.Output.Write(Encoding.UTF8.GetBytes($"{Product.Name} {Product.Version}\n"));
                    return 0;
                case ["--help"] or ["-h"]:
                    context.Output.Write(Encoding.UTF8.GetBytes(CommandLine.Help()));
                    return 0;
            }

            InstallFault(context);
            return await ServeAsync(() => ReadSettings(arguments, context, notices), context, notices);
        }
#pragma warning disable CA1031 // The one place that catches everything: a person never sees a stack trace.
        catch (Exception error)
#pragma warning restore CA1031
        {
            var failure = Failure.Of(error);
            notices.Error(failure);
            if (failure.Code == "PM0001" && context.Variable("PM_DEBUG") is not null)
            {
                notices.Say(error.ToString());
            }

            return failure.Exit;
        }
    }

    /// <summary>PM_FAULT and PM_TRACE_WRITES: a test makes this process end, or fail, at its N-th durable write, or watches them.</summary>
    static void InstallFault(DaemonContext context)
    {
        try
        {
            if (context.Variable("PM_TRACE_WRITES") is { } path)
            {
                // Open until the process ends: the last line may be the call at which it was killed.
                _ = WriteTraceFile.Install(path);
            }

            // After the trace, whose own opening would count.
            WriteDoor.Fault = context.Variable("PM_FAULT") is { } fault ? WriteFault.Parse(fault) : null;
        }
        catch (FormatException error)
        {
            throw new DaemonException(DaemonException.UsageExit, "PM5206", $"PM_FAULT: {error.Message}");
        }
    }

    /// <summary>What is said of settings now; what of it counts for nothing is told.</summary>
    static DaemonSettings ReadSettings(string[] arguments, DaemonContext context, Notices notices)
    {
        var settings = CommandLine.Parse(arguments, context);
        foreach (var warning in settings.File?.Warnings ?? [])
        {
            notices.Warn(warning);
        }

        return settings;
    }

    /// <summary>Until SIGTERM or SIGINT, the second of which ends the process as the kernel would.</summary>
    static async Task<int> ServeAsync(Func<DaemonSettings> read, DaemonContext context, Notices notices)
    {
        var settings = read();
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = stop.TrySetResult());
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = stop.TrySetResult());
        await using var daemon = await Daemon.StartAsync(settings, context, notices);
        using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            daemon.Reload(read);
        });
        await stop.Task;
        notices.Say($"stopping: requests in flight have {settings.StopTimeout.TotalSeconds:0} s to end");
        await daemon.StopAsync();
        return 0;
    }
}
