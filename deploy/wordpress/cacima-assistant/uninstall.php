<?php
/**
 * Leaves nothing behind.
 *
 * @package CacimaAssistant
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

delete_option( 'cacima_assistant' );
